// Goal: a lock is due in time, warned of in time, and told apart: one that ended, one that was broken, one that never was.
// Method: a table over the days that are left.
#include "vault/store/lock_state.h"

#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using store::LockState;
using store::StateOf;

constexpr std::int64_t kDay = 86'400'000;
constexpr Moment kNow{1'800'000'000'000};

std::optional<net::LockedUntil> InDays(std::int64_t days) {
  return net::LockedUntil{{kNow.milliseconds + days * kDay}};
}

}  // namespace

TEST_CASE("a lock of 30 days is due after ten, near its end after twenty, and lapsed after thirty", "[store][object]") {
  struct Row {
    std::int64_t left;
    LockState state;
  };
  const auto row = GENERATE(values<Row>({{30, LockState::kHolds},
                                         {21, LockState::kHolds},
                                         {20, LockState::kDue},
                                         {11, LockState::kDue},
                                         {10, LockState::kNear},
                                         {1, LockState::kNear},
                                         {0, LockState::kLapsed},
                                         {-400, LockState::kLapsed}}));
  CAPTURE(row.left);
  CHECK(StateOf({.lock = InDays(row.left), .days = 30, .now = kNow}) == row.state);
  // Put when it would be just so old.
  const Moment put{kNow.milliseconds - (30 - row.left) * kDay};
  CHECK(StateOf({.lock = InDays(row.left), .days = 30, .put = put, .now = kNow}) == row.state);
}

TEST_CASE("a lock that ends sooner than it was put for is short, whether it ended or not", "[store][object]") {
  const Moment put{kNow.milliseconds - 2 * kDay};
  CHECK(StateOf({.lock = InDays(28), .days = 30, .put = put, .now = kNow}) == LockState::kHolds);
  CHECK(StateOf({.lock = InDays(26), .days = 30, .put = put, .now = kNow}) == LockState::kShort);
  CHECK(StateOf({.lock = InDays(-5000), .days = 30, .put = put, .now = kNow}) == LockState::kShort);
  CHECK(StateOf({.lock = std::nullopt, .days = 30, .put = put, .now = kNow}) == LockState::kNone);
}

TEST_CASE("no lock is set past what stores keep, and one that is as long as can be is not due", "[store][object]") {
  const net::LockedUntil latest = store::LockFrom(kNow, 36'500);
  CHECK(FormatTime(latest.time) == "2105-12-31T23:59:59.000Z");
  CHECK(StateOf({.lock = latest, .days = 36'500, .now = kNow}) == LockState::kHolds);
  CHECK(store::LockFrom({kNow.milliseconds + 999}, 1).time.milliseconds == kNow.milliseconds + kDay);
}

}  // namespace exhibit::testing
