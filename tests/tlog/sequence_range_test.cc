// Goal: positions are told as people write them, and of many the first.
#include "vault/tlog/sequence_range.h"

#include "tests/support/catch.h"

namespace exhibit::testing {

TEST_CASE("positions that follow one another become a range", "[sequence_range]") {
  using tlog::ListOf;
  using tlog::RangesOf;
  const std::vector<tlog::Sequence> some = {{0}, {1}, {2}, {7}, {9}, {10}};
  CHECK(ListOf(RangesOf(some)) == "0-2, 7, 9-10");
  CHECK(ListOf(RangesOf(some), 2) == "0-2, 7 and more");
  CHECK(ListOf(RangesOf({})).empty());
  CHECK(RangesOf(some).front().count() == 3);
}

}  // namespace exhibit::testing
