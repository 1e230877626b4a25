#include "vault/store/lock_state.h"

#include <algorithm>

namespace exhibit::store {
namespace {

constexpr std::int64_t kDay = 86'400'000;  // milliseconds
// Later times were seen to wrap around at 32 bits, which leaves the object without a lock.
constexpr std::int64_t kLatestLock = 4'291'747'199'000;  // 2105-12-31T23:59:59Z

// A lock is reckoned by the writer's clock before the object is sent, and the store says when it came by its own.
std::int64_t SlackOf(std::uint32_t days) { return std::min(kDay, days * kDay / 2); }

}  // namespace

net::LockedUntil LockFrom(Moment now, std::uint32_t days) {
  return {{std::min(now.milliseconds / 1000 * 1000 + days * kDay, kLatestLock)}};
}

LockState StateOf(const LockQuestion& question) {
  if (!question.lock) return LockState::kNone;
  const std::int64_t end = question.lock->time.milliseconds;
  if (question.put) {
    const std::int64_t promised = LockFrom(*question.put, question.days).time.milliseconds;
    if (end < promised - SlackOf(question.days)) return LockState::kShort;
  }
  const std::int64_t left = end - question.now.milliseconds;
  if (left <= 0) return LockState::kLapsed;
  if (end >= kLatestLock) return LockState::kHolds;
  const std::int64_t third = question.days * kDay / 3;
  return left > 2 * third ? LockState::kHolds : left > third ? LockState::kDue : LockState::kNear;
}

}  // namespace exhibit::store
