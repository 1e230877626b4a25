// Deleting what was destroyed from a vault on an object store, once its locks have ended. An entry says that something is
// destroyed, its commit places anew what lay in one object with that (store/placing_anew.h), and from then on nobody renews
// the lock of such an object; this deletes it, every version of it.
//
//   1  objects of which nothing is used any more: which of them are there, and until when each version is locked
//   2  before the first is deleted, the log is verified, whole. Nothing of a log that does not verify is deleted
//   3  of each: a signed entry destroyed what it holds, and what was placed anew is there with the same bytes. Commits say
//      where things lie, and nobody signs that. If it does not hold the object stays, and is locked anew
//   4  it is deleted, and looked for again
//
// An account of its own may do it, which puts nothing and sets no lock (bucket_policies.h). Interrupted, it is begun again.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/session/vault_reader.h"
#include "vault/store/spent_objects.h"

namespace exhibit::work {

struct SweepRequest {
  enum class Doing : std::uint8_t { kDelete, kOnlyTell };
  Doing doing = Doing::kDelete;
  const std::atomic<bool>* interrupted = nullptr;
};

struct Swept {
  std::uint64_t gone = 0;                // objects that are not there any more
  std::uint64_t locked = 0;              // that wait for their locks to end
  std::uint64_t ended = 0;               // whose locks have ended: they are deleted now, or would be
  std::uint64_t deleted = 0;             // of these, and so on
  std::uint64_t not_permitted = 0;       // the credentials may not, or the store's clock says that the lock goes on
  std::optional<Moment> until = {};      // when the last lock of those that wait ends
  store::DestroyedParts waiting = {};    // of what is there yet
  store::DestroyedParts destroyed = {};  // of what was deleted now
  struct Failure {
    std::string object;
    Error why;
  };
  std::vector<Failure> failures = {};
};

// `log` is that of `vault`. Costs a request for each such object, and one for each version of it that is there.
//   kTampered     the log does not verify: nothing was deleted
//   kInterrupted
Result<Swept> Sweep(const store::ObjectLog& log, const VaultReader& vault, const SweepRequest& request, Pool& pool);

}  // namespace exhibit::work
