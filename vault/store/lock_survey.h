// Looks at the locks of many objects: one request each, some at once. Memory does not grow with their number.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/store/lock_state.h"
#include "vault/store/vault_objects.h"

namespace exhibit::store {

// Counts of what was seen.
struct LocksSeen {
  std::uint64_t looked = 0;
  std::uint64_t near = 0;                // these end soon (lock_state.h)
  std::uint64_t lapsed = 0;              // these ended
  std::uint64_t none = 0;                // these have none, or a shorter one than they were put with
  std::optional<Moment> first_end = {};  // of those that have one

  void Count(LockState state, const std::optional<net::LockedUntil>& lock);
};

class LockSurvey {
 public:
  struct Asked {
    net::ObjectName name;
    std::uint32_t days = 0;          // for how long objects of its kind are locked
    std::optional<Moment> put = {};  // where it is known
  };
  // What became of one: its lock, or why that is not known. Told in the order in which they were added, by the thread that
  // adds. A failure ends the survey.
  using Told = std::function<Result<void>(const Asked&, const Result<std::optional<net::LockedUntil>>&)>;

  // `objects` outlives it.
  LockSurvey(const VaultObjects& objects, Told told) : objects_(objects), told_(std::move(told)) {}

  Result<void> Add(Asked asked);
  // REQUIRES: after the last one.
  Result<void> Finish();

 private:
  static constexpr std::size_t kAtOnce = 16;
  static constexpr std::size_t kBatch = 512;

  const VaultObjects& objects_;
  Told told_;
  std::vector<Asked> waiting_;
  std::optional<Pool> pool_;  // once there is something to ask
};

class ObjectLog;

// Looks at some objects: all, where there are few; else some that are chosen anew each time, and the oldest of the log, whose
// locks end first. For who cannot pay for all of them.
struct SomeLocks {
  LocksSeen seen;
  std::uint64_t of = 0;    // objects that there are
  std::uint32_t days = 0;  // for how long payloads are locked
};
Result<SomeLocks> LookAtSomeLocks(const ObjectLog& log);

}  // namespace exhibit::store
