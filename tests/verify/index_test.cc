// Goal: the index of acts, which nobody signs, is found out wherever it is not what the entries make
// it. Method: a real vault with acts of custody, and its index with one row dropped, changed or added.
#include "tests/support/findings.h"
#include "tests/support/tampered_source.h"
#include "tests/support/vault_fixture.h"

namespace exhibit::testing {
namespace {

using verify::Depth;
using verify::Property;

// Says that the index has all rows of acts that name items in their fields.
const custody::ActRow kFirstByFields = {custody::kByFieldsSubject, {0}, "genesis"};

struct IndexFixture : VaultFixture {
  IndexFixture() {
    Add({{"a.log", "one\n"}, {"b.log", "two\n"}});
    Act(custody::Hold{Unwrap(custody::ItemSet::Parse("1-2"))});
    Act(custody::Release{{3}, Unwrap(custody::ItemSet::Parse("1"))});
    Act(custody::Note());
    reader = Unwrap(OpenReader());
    rows = Unwrap(reader->ReadActs({}));
  }
  verify::Report With(std::vector<custody::ActRow> index) {
    TamperedSource source(*reader);
    source.acts = std::move(index);
    return VerifySource(source, Depth::kLog);
  }
  std::unique_ptr<VaultReader> reader;
  std::vector<custody::ActRow> rows;
};

}  // namespace

TEST_CASE_METHOD(IndexFixture, "a row that is missing is found, and its entry named", "[verify]") {
  REQUIRE(rows.size() == 8);  // of the genesis two, the hold and its two items, the release and its item, the note
  CHECK(With(rows).ok());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] == kFirstByFields) continue;
    auto fewer = rows;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    const auto report = With(fewer);
    CAPTURE(i);
    CHECK(report.findings.size() == 1);
    CHECK(Names(report, Property::kIndex, rows[i].sequence.value));
    CHECK(Says(report, "has 1 rows missing and 0 that do not belong"));
  }
  const auto none = With({});
  CHECK(Names(none, Property::kIndex, 3));
  CHECK(Names(none, Property::kIndex, 4));
  CHECK(Says(none, "first under the vault's state"));
}

TEST_CASE_METHOD(IndexFixture, "a row that does not belong is found, and its entry named", "[verify]") {
  const std::vector<custody::ActRow> surplus = {{0, {1}, "item"},
                                                {2, {4}, "release"},
                                                {1, {2}, "hold"},
                                                {3, {3}, "hold"},
                                                {custody::kByFieldsSubject, {1}, "note"},
                                                {~std::uint64_t{0}, {0}, "rule"}};
  for (const custody::ActRow& row : surplus) {
    auto more = rows;
    more.push_back(row);
    std::ranges::sort(more);
    const auto report = With(more);
    CAPTURE(row.subject, row.sequence.value);
    CHECK(report.findings.size() == 1);
    CHECK(Names(report, Property::kIndex, row.sequence.value));
    CHECK(Says(report, "has 0 rows missing and 1 that do not belong"));
  }
  auto past = rows;
  past.push_back({2, {6}, "hold"});  // of an entry that was not acknowledged
  std::ranges::sort(past);
  CHECK(With(past).ok());
}

TEST_CASE_METHOD(IndexFixture, "a store that was begun before there were rows by fields lacks none", "[verify]") {
  auto before = rows;
  std::erase(before, kFirstByFields);
  CHECK(With(before).ok());
  std::erase_if(before, [](const custody::ActRow& row) { return row.subject == custody::kByFieldsSubject; });
  CHECK(With(before).ok());
}

TEST_CASE_METHOD(IndexFixture, "a row of another type is found", "[verify]") {
  auto changed = rows;
  REQUIRE(changed[1] == custody::ActRow{0, {3}, "hold"});
  changed[1].type = "shred";
  const auto report = With(changed);
  CHECK(Names(report, Property::kIndex, 3));
  CHECK(Says(report, "has 1 rows missing and 1 that do not belong"));
}

TEST_CASE_METHOD(IndexFixture, "of an entry that cannot be read the index is not judged", "[verify]") {
  TamperedSource source(*reader);
  source.entries[3] = std::nullopt;
  const auto report = VerifySource(source, Depth::kLog);
  CHECK(Names(report, Property::kEntry, 3));
  CHECK_FALSE(Names(report, Property::kIndex));
}

TEST_CASE_METHOD(IndexFixture, "an act that its signer may not do is found by its rule", "[verify]") {
  const auto hold = Unwrap(reader->Entry({3}));
  const auto stranger = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("test.example/vault/k9")));
  custody::Entry entry = hold.parsed();
  entry.actor = custody::ActorOf(stranger.verifier());
  TamperedSource source(*reader);
  source.entries[3] = ToBytes(Unwrap(custody::SignedEntry::Sign(entry, stranger)).bytes());
  const auto report = VerifySource(source, Depth::kLog);
  CHECK(Names(report, Property::kChain, 3));
  CHECK(Says(report, "key test.example/vault/k9+"));
  CHECK(Says(report, "was never admitted to this vault"));
}

}  // namespace exhibit::testing
