// Goal: an entry that lies at another position than it was signed for is never acted on. Method: a log in which one entry
// is put in the place of another, read by what reads entries to act on them.
#include "vault/verify/read_entry.h"

#include "tests/support/tampered_source.h"
#include "tests/support/vault_fixture.h"

namespace exhibit::testing {

TEST_CASE_METHOD(VaultFixture, "an entry that was moved is refused, with both positions", "[verify]") {
  Add({{"a", "one"}, {"b", "two"}});
  const auto reader = Unwrap(OpenReader());
  CHECK(Unwrap(verify::ReadEntryAt(*reader, {1})).parsed().sequence == tlog::Sequence{1});
  TamperedSource source(*reader);
  SECTION("another entry") {
    source.entries[1] = Unwrap(reader->ReadEntry({2}));
    CHECK_FAILS(verify::ReadEntryAt(source, {1}), ErrorCode::kTampered, "entry 1: says that it is entry 2");
  }
  SECTION("no entry") {
    source.entries[1] = ToBytes(ViewOf("junk"));
    CHECK_FAILS(verify::ReadEntryAt(source, {1}), ErrorCode::kInvalid, "entry 1: ");
  }
  SECTION("nothing") {
    source.entries[1] = TamperedSource::Value();
    CHECK_FAILS(verify::ReadEntryAt(source, {1}), ErrorCode::kTampered, "entry 1 is lost");
    CHECK_FALSE(Unwrap(verify::ReadEntryIfHere(source, {1})));
    CHECK(Unwrap(verify::ReadEntryIfHere(source, {2})));
  }
  SECTION("by who goes by the index") {
    const custody::CollectedNumber number{"test.example/vault/k2", 1};
    const std::uint64_t subject = custody::CollectedSubject(number);
    source.acts = std::vector<custody::ActRow>{{subject, {1}, "item"}};
    source.entries[1] = Unwrap(reader->ReadEntry({2}));
    CHECK_FAILS(verify::FindCollected(source, number), ErrorCode::kTampered, "entry 1: says that it is entry 2");
  }
}

}  // namespace exhibit::testing
