// What is in the two buckets of a vault, compared with what its log names. It lists them, which nothing else does.
#pragma once

#include <vector>

#include "vault/store/object_log.h"
#include "vault/verify/source.h"

namespace exhibit::store {

// Damage: a commit that is gone from LOG, a copy or an object that is gone from DATA, an object of another length. A remark:
// what no commit names, which a writer that was interrupted left, or one that is at work. Nothing is read, and no bytes are
// compared: those of packs are under hashes that entries sign.
Result<std::vector<verify::MediumFault>> CheckObjects(const ObjectLog& log);

}  // namespace exhibit::store
