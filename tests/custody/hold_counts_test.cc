// Goal: holds counted by ranges are what counting item by item gives, whatever the order.
#include "vault/custody/hold_counts.h"

#include <array>
#include <random>

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using custody::HoldCounts;
using custody::ItemSet;

ItemSet Items(std::string_view text) { return Unwrap(ItemSet::Parse(text)); }

}  // namespace

TEST_CASE("holds stand on the items that are named, and end where they are released", "[custody]") {
  HoldCounts holds;
  CHECK(holds.empty());
  CHECK(holds.FindFree(Items("1")) == 1);
  holds.Add(Items("2-4,9"));
  holds.Add(Items("4-6"));
  CHECK(holds.At(1) == 0);
  CHECK(holds.At(2) == 1);
  CHECK(holds.At(4) == 2);
  CHECK(holds.At(6) == 1);
  CHECK(holds.At(7) == 0);
  CHECK(holds.At(9) == 1);
  CHECK(holds.FindFree(Items("2-6")) == std::nullopt);
  CHECK(holds.FindFree(Items("2-6,8-9")) == 8);
  CHECK(holds.FindFree(Items("5-9")) == 7);
  holds.Remove(Items("4-6"));
  CHECK(holds.FindFree(Items("3-5")) == 5);
  holds.Remove(Items("2-4,9"));
  CHECK(holds.empty());
  CHECK(holds == HoldCounts());
}

TEST_CASE("a random sequence of holds and releases counts as item by item", "[custody]") {
  constexpr std::uint64_t kItems = 40;
  std::mt19937_64 chance(3);
  const auto below = [&](std::uint64_t n) { return chance() % n; };
  std::array<std::uint64_t, kItems + 2> expected{};
  HoldCounts holds;
  for (int step = 0; step < 3'000; ++step) {
    std::vector<tlog::Sequence> chosen;
    for (std::uint64_t i = 0; i < 1 + below(6); ++i) chosen.push_back({1 + below(kItems)});
    const ItemSet items = Unwrap(ItemSet::Of(chosen));
    std::optional<std::uint64_t> free;
    for (const tlog::Sequence item : items.Items()) {
      if (expected[item.value] == 0 && !free) free = item.value;
    }
    REQUIRE(holds.FindFree(items) == free);
    const bool releases = !free && below(2) == 0;
    for (const tlog::Sequence item : items.Items()) expected[item.value] += releases ? ~std::uint64_t{0} : 1U;
    releases ? holds.Remove(items) : holds.Add(items);
    for (std::uint64_t item = 0; item < expected.size(); ++item) REQUIRE(holds.At(item) == expected[item]);
  }
}

}  // namespace exhibit::testing
