// Goal: rows of commits say where sealed files lie, anew too, and nothing else; what is destroyed does not come back; what is
// not under a signed head yet counts for nothing.
// Method: records of commits made by hand, each with one row that is wrong.
#include "vault/store/sealed_places.h"

#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using store::CommitRecord;
using store::SealedPlace;
using store::SealedPlaces;

constexpr tlog::TreeSize kAll{1000};

CommitRecord::Place Row(std::uint64_t entry, std::optional<std::uint64_t> under, SealedPlace place) {
  return {{entry}, under ? std::optional(tlog::Sequence{*under}) : std::nullopt, std::move(place)};
}
SealedPlace File(std::uint64_t header, std::uint64_t pack) {
  SealedPlace place{header, 100, 32, {{pack, 0, header + 132}}, "layout\n"};
  return place;
}
SealedPlace Header(std::uint64_t bytes, std::uint64_t pack) {
  return bytes == 0 ? SealedPlace() : SealedPlace{bytes, 0, 0, {{pack, 0, bytes}}, {}};
}
CommitRecord RecordOf(std::vector<CommitRecord::Place> rows) {
  CommitRecord record;
  record.places = std::move(rows);
  return record;
}

// Entries 1 and 2 have sealed files, and entry 5 made a header anew for entry 1.
struct Two : SealedPlaces {
  Two() {
    Take({Row(1, {}, File(50, 7)), Row(2, {}, File(60, 7))});
    Take({Row(1, 5, Header(55, 8))});
  }
  void Take(std::vector<CommitRecord::Place> rows) {
    const CommitRecord record = RecordOf(std::move(rows));
    REQUIRE(WhyNot(record).empty());
    Add(record);
  }
  std::uint64_t PackOf(std::uint64_t entry, tlog::TreeSize acknowledged = kAll) const {
    return Find({{entry}}, acknowledged)->extents.front().pack;
  }
};

}  // namespace

TEST_CASE("what is placed anew is there from the entry on that says so, once that is acknowledged", "[store][places]") {
  Two places;
  places.Take({Row(2, 6, File(60, 9))});
  CHECK(places.PackOf(2) == 9);
  CHECK(places.PackOf(2, {7}) == 9);
  CHECK(places.PackOf(2, {6}) == 7);
  CHECK(places.PackOf(1) == 7);
  places.Take({Row(2, 8, File(60, 10))});
  CHECK(places.PackOf(2) == 10);
  CHECK(places.PackOf(2, {8}) == 9);
  std::size_t before = 0;
  places.ForEach(kAll, [&](const SealedPlaces::History& history) { before += history.before.size(); });
  CHECK(before == 2);
}

TEST_CASE("what was shredded has no place, and neither has a header that was made anew for it", "[store][places]") {
  Two places;
  places.Take({Row(1, 6, {})});
  CHECK(IsDestroyed(*places.Find({{1}}, kAll)));
  CHECK(IsDestroyed(*places.Find({{1}, tlog::Sequence{5}}, kAll)));
  CHECK_FALSE(IsDestroyed(*places.Find({{2}}, kAll)));
  CHECK_FALSE(IsDestroyed(*places.Find({{1}}, {6})));
  CHECK_FALSE(places.Find({{3}}, kAll));
  CHECK(places.WhyNot(RecordOf({Row(1, 9, File(50, 9)), Row(1, 9, Header(55, 9))})) ==
        "places a sealed file anew that is another one");
  places.Take({Row(1, 9, {})});  // it was destroyed already
}

TEST_CASE("a header that was destroyed is gone, and the rest of the file is there", "[store][places]") {
  Two places;
  // Entry 6 makes one more header, and destroys those before.
  places.Take({Row(1, 6, Header(58, 9)), Row(1, 6, File(0, 9)), Row(1, 6, {})});
  const SealedPlace file = *places.Find({{1}}, kAll);
  CHECK(file.header == SealedPlace::Header::kDestroyed);
  CHECK(file.payload_bytes == 100);
  CHECK(IsDestroyed(*places.Find({{1}, tlog::Sequence{5}}, kAll)));
  CHECK(places.Find({{1}, tlog::Sequence{6}}, kAll)->header_bytes == 58);
  // Placed anew once more, it does not come back.
  const std::string_view another = "places a sealed file anew that is another one";
  CHECK(places.WhyNot(RecordOf({Row(1, 7, File(50, 3)), Row(1, 7, {}), Row(1, 7, Header(58, 3))})) == another);
  CHECK(places.WhyNot(RecordOf({Row(1, 7, File(0, 3)), Row(1, 7, Header(55, 3)), Row(1, 7, Header(58, 3))})) ==
        another);
  places.Take({Row(1, 7, File(0, 3)), Row(1, 7, {}), Row(1, 7, Header(58, 3))});
  CHECK(places.Find({{1}}, kAll)->header == SealedPlace::Header::kDestroyed);
  CHECK(places.Of({1}, kAll).size() == 3);
}

TEST_CASE("rows that place another thing, or a part of it, are refused", "[store][places]") {
  const Two places;
  struct Wrong {
    std::vector<CommitRecord::Place> rows;
    std::string_view words;
  };
  SealedPlace longer = File(60, 9);
  longer.payload_bytes = 101;
  SealedPlace other = File(60, 9);
  other.layout = "another\n";
  const std::vector<Wrong> wrong = {
      {{Row(1, {}, File(50, 9))}, "places a sealed file that has a place"},
      {{Row(1, 5, Header(55, 9))}, "places a sealed file that has a place"},
      {{Row(3, {}, File(50, 9)), Row(3, {}, File(50, 9))}, "places a sealed file that has a place"},
      {{Row(3, 6, File(50, 9))}, "places a sealed file anew that has no place"},
      {{Row(1, 6, File(50, 9))}, "places a part of an item anew"},
      {{Row(2, 6, File(60, 9)), Row(2, 6, Header(5, 9))}, "places a part of an item anew"},
      {{Row(2, 6, longer)}, "places a sealed file anew that is another one"},
      {{Row(2, 6, other)}, "places a sealed file anew that is another one"},
      {{Row(2, 6, File(61, 9))}, "places a sealed file anew that is another one"},
      {{Row(1, 6, File(50, 9)), Row(1, 6, Header(56, 9))}, "places a sealed file anew that is another one"},
  };
  for (const Wrong& one : wrong) CHECK(places.WhyNot(RecordOf(one.rows)) == one.words);
}

}  // namespace exhibit::testing
