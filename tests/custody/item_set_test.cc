// Goal: a set of items has one text. Method: texts that come back to themselves, texts that break one
// rule each, and random sets against the obvious way of doing it.
#include "vault/custody/item_set.h"

#include <random>
#include <set>

#include "tests/support/check.h"
#include "vault/base/canonical.h"

namespace exhibit::testing {
namespace {

using custody::ItemSet;

}  // namespace

TEST_CASE("a set of items comes back to its text", "[items]") {
  struct Row {
    std::string text;
    std::uint64_t count;
    std::size_t ranges;
  };
  const std::vector<Row> rows = {{"1", 1, 1},
                                 {"1-2", 2, 1},
                                 {"1-3,7", 4, 2},
                                 {"2,4,6-65539", 65'536, 3},
                                 {"1-65536", 65'536, 1},
                                 {"0", 1, 1},
                                 {"0-3", 4, 1},
                                 {"9007199254740991", 1, 1},
                                 {"1,9007199254740990-9007199254740991", 3, 2}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const ItemSet set = Unwrap(ItemSet::Parse(row.text));
    CHECK(set.ToText() == row.text);
    CHECK(set.count() == row.count);
    CHECK(set.ranges().size() == row.ranges);
    CHECK(set.Items().size() == row.count);
    CHECK(Unwrap(ItemSet::Of(set.Items())) == set);
  }
}

TEST_CASE("a text that is not the one of its set is refused", "[items]") {
  const std::string neither = "is neither a number nor a range";
  const std::string order = "not ascending, or ranges that overlap or touch";
  const std::string many = "more than 65536 in one entry";
  const std::vector<std::pair<std::string, std::string>> rows = {{"", neither},
                                                                 {",", neither},
                                                                 {"1,", neither},
                                                                 {",1", neither},
                                                                 {"01", neither},
                                                                 {"1-02", neither},
                                                                 {"+1", neither},
                                                                 {"-1", neither},
                                                                 {"1-", neither},
                                                                 {"1-1", neither},
                                                                 {"3-2", neither},
                                                                 {"1--2", neither},
                                                                 {"1-2-3", neither},
                                                                 {" 1", neither},
                                                                 {"1, 3", neither},
                                                                 {"1;3", neither},
                                                                 {"a", neither},
                                                                 {"1.0", neither},
                                                                 {"0x1", neither},
                                                                 {"18446744073709551616", neither},
                                                                 {"1,1", order},
                                                                 {"2,1", order},
                                                                 {"9007199254740992", "beyond 2^53 - 1"},
                                                                 {"1,2", order},
                                                                 {"1-3,4", order},
                                                                 {"1-3,3", order},
                                                                 {"1-3,2-5", order},
                                                                 {"5-9,1-3", order},
                                                                 {"1-65537", many},
                                                                 {"1,3-65538", many},
                                                                 {"1-9007199254740991", many},
                                                                 {"1-2,4-65538", many}};
  for (const auto& [text, words] : rows) {
    CAPTURE(text);
    CHECK_FAILS(ItemSet::Parse(text), ErrorCode::kInvalid, words);
  }
  const auto hostile = ItemSet::Parse("\x1b[2J" + std::string(100'000, '9'));
  CHECK_FAILS(hostile, ErrorCode::kInvalid, "\"\\x1b[2J");
  CHECK(hostile.error().message.size() < 200);
}

TEST_CASE("items in any order make their set", "[items]") {
  const auto text = [](std::vector<tlog::Sequence> items) { return Unwrap(ItemSet::Of(std::move(items))).ToText(); };
  CHECK(text({{7}, {1}, {3}, {2}}) == "1-3,7");
  CHECK(text({{5}, {5}, {5}}) == "5");
  CHECK(text({{kMaxNumber}, {0}}) == "0,9007199254740991");
  CHECK_FAILS(ItemSet::Of({{kMaxNumber + 1}}), ErrorCode::kInvalid, "beyond 2^53 - 1");
  CHECK_FAILS(ItemSet::Of({}), ErrorCode::kInvalid, "none is named");
  std::vector<tlog::Sequence> many;
  for (std::uint64_t i = 1; i <= ItemSet::kMaxItems; ++i) many.push_back({2 * i});
  CHECK(Unwrap(ItemSet::Of(many)).count() == ItemSet::kMaxItems);
  many.push_back({1});
  CHECK_FAILS(ItemSet::Of(many), ErrorCode::kInvalid, "more than 65536");
}

TEST_CASE("random sets come back", "[items]") {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::set<tlog::Sequence> wanted;
    std::vector<tlog::Sequence> given;
    for (int i = 0; i < 40; ++i) {
      given.push_back({1 + random() % 60});
      wanted.insert(given.back());
    }
    const ItemSet set = Unwrap(ItemSet::Of(given));
    const ItemSet again = Unwrap(ItemSet::Parse(set.ToText()));
    CHECK(again == set);
    CHECK(again.Items() == std::vector<tlog::Sequence>(wanted.begin(), wanted.end()));
  }
}

}  // namespace exhibit::testing
