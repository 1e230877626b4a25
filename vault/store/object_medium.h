// What is in the two buckets of a vault, compared with what its log names. It lists them, which nothing else does.
//
// One request for a thousand versions, one for the lock of each object (docs/OBJECT-STORE.md reckons what that comes to), and
// one for each version that was put over another. A store gives no list of locks.
#pragma once

#include <vector>

#include "vault/store/object_log.h"
#include "vault/verify/source.h"

namespace exhibit::store {

// Damage:
//   - a commit that is gone from LOG, a copy or an object that is gone from DATA
//   - a version of other bytes over an object, a delete marker over one
//   - an object without a lock, or with a shorter one than it was put with
// A remark:
//   - what no commit names, which a writer that was interrupted left, or one that is at work
//   - locks that ended, or end soon, because nobody renewed them
// The bytes of what nothing was put over are not read: those of packs are under hashes that entries sign. kPermission if the
// credentials may not look.
Result<std::vector<verify::MediumFault>> CheckObjects(const ObjectLog& log);

}  // namespace exhibit::store
