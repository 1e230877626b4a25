// Goal: who asks which acts may name an item in their fields gets all of them, from an index that has them as from one
// that was begun before it had.
#include "vault/verify/acts_by_fields.h"

#include "tests/support/tampered_source.h"
#include "tests/support/vault_fixture.h"

namespace exhibit::testing {
namespace {

using Types = std::vector<std::pair<std::uint64_t, std::string>>;

struct ByFieldsFixture : VaultFixture {
  ByFieldsFixture() {
    Add({{"a.log", "one\n"}, {"b.log", "two\n"}});
    Act(custody::Note());                                        // 3
    Act(custody::Hold{Unwrap(custody::ItemSet::Parse("1-2"))});  // 4: its items are public
    Act(custody::Note());                                        // 5
    reader = Unwrap(OpenReader());
  }
  Types Find(const verify::Source& source, std::uint64_t size) {
    Types found;
    for (const custody::ActRow& row : Unwrap(verify::FindActsByFields(source, {size}, pool, nullptr)))
      found.emplace_back(row.sequence.value, row.type);
    return found;
  }
  std::unique_ptr<VaultReader> reader;
  Pool pool;
};

const Types kBoth = {{3, "note"}, {5, "note"}};

}  // namespace

TEST_CASE_METHOD(ByFieldsFixture, "acts by fields are found in the index, up to a size", "[verify]") {
  CHECK(Find(*reader, 6) == kBoth);
  CHECK(Find(*reader, 5) == Types{{3, "note"}});
  CHECK(Find(*reader, 3).empty());
}

TEST_CASE_METHOD(ByFieldsFixture, "the index spares the reading of other entries", "[verify]") {
  TamperedSource source(*reader);
  for (const std::uint64_t at : {1U, 2U, 3U, 4U, 5U}) source.entries[at] = std::nullopt;
  CHECK(Find(source, 6) == kBoth);
}

TEST_CASE_METHOD(ByFieldsFixture, "a log whose index was begun before is read through", "[verify]") {
  TamperedSource source(*reader);
  source.acts = std::vector<custody::ActRow>();
  CHECK(Find(source, 6) == kBoth);
  source.acts = {{custody::kByFieldsSubject, {5}, "note"}};  // of a newer program, which went on with it
  CHECK(Find(source, 6) == kBoth);
  source.entries[3] = std::nullopt;  // lost, and so is what it told
  CHECK(Find(source, 6) == Types{{5, "note"}});
}

}  // namespace exhibit::testing
