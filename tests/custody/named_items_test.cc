// Goal: what an act names is judged by what is known of it, in a vault and in a bundle alike.
#include "vault/custody/named_items.h"

#include "tests/custody/custody_log.h"

namespace exhibit::testing {
namespace {

using custody::NamedItem;

custody::Entry HoldOf(std::string_view items, std::uint64_t at) {
  custody::Entry entry{Unwrap(tlog::Origin::Parse("test.example/vault")),
                       {at},
                       {},
                       {},
                       "alice+00000000",
                       custody::Hold{Unwrap(custody::ItemSet::Parse(items)), "order", "reason"}};
  return entry;
}

// Items 1 and 2 are here, entry 3 is none, and nothing is known of the rest.
Result<NamedItem> Ask(tlog::Sequence at) {
  if (at.value == 3) return NamedItem{NamedItem::Kind::kNoItem};
  return NamedItem{at.value < 3 ? NamedItem::Kind::kSealed : NamedItem::Kind::kNotHere};
}

}  // namespace

TEST_CASE("items that are named must be items, and lie before", "[custody]") {
  REQUIRE_OK(custody::CheckNamedItems(HoldOf("1-2", 9), Ask));
  CHECK_FAILS(custody::CheckNamedItems(HoldOf("1-3", 9), Ask), ErrorCode::kInvalid, "entry 3 is no item");
  CHECK_FAILS(custody::CheckNamedItems(HoldOf("1-2", 2), Ask), ErrorCode::kInvalid, "item 2 is not an entry before");
}

TEST_CASE("what is not at hand is not judged, and what is beside it still is", "[custody]") {
  REQUIRE_OK(custody::CheckNamedItems(HoldOf("1,5-8", 9), Ask));
  CHECK_FAILS(custody::CheckNamedItems(HoldOf("3,5-8", 9), Ask), ErrorCode::kInvalid, "entry 3 is no item");
}

TEST_CASE("who knows nothing accepts nothing, and an error of who is asked is passed on", "[custody]") {
  CHECK_FAILS(custody::CheckNamedItems(HoldOf("1", 9), {}), ErrorCode::kInvalid, "nothing is known here of item 1");
  const auto broken = [](tlog::Sequence) -> Result<NamedItem> { return Fail(ErrorCode::kIo, "the disk"); };
  CHECK_FAILS(custody::CheckNamedItems(HoldOf("1", 9), broken), ErrorCode::kIo, "the disk");
}

}  // namespace exhibit::testing
