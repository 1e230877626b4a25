// Goal: an act of custody is committed like evidence is, and a vault that is opened again knows what holds, from the index
// of acts alone. Method: a real vault, opened anew for each act.
#include "tests/support/vault_fixture.h"

namespace exhibit::testing {
namespace {

using custody::EntryBody;
using custody::Role;
using custody::Ruled;

struct ActsFixture : VaultFixture {
  ActsFixture() { Add({{"a.log", "one\n"}, {"b.log", "two\n"}, {"c.log", "three\n"}}); }

  Result<store::Committed> Commit(EntryBody body, const tlog::SigningKey* cosigner = nullptr) {
    const auto writer = Unwrap(OpenWriter());
    return writer->CommitAct({std::move(body), {{"reason", "test"}}, {}, cosigner});
  }
  custody::Facts Facts() { return Unwrap(Unwrap(OpenReader())->State()).facts(); }
  static custody::ItemSet Items(std::string_view text) { return Unwrap(custody::ItemSet::Parse(text)); }
};

}  // namespace

TEST_CASE_METHOD(ActsFixture, "acts are kept, and known again when the vault is opened", "[acts]") {
  const auto bob = Admit(2);
  CHECK(Unwrap(Commit(custody::Hold{Items("1-2")})).first == tlog::Sequence{5});
  CHECK(Unwrap(Commit(custody::Hold{Items("2-3")})).first == tlog::Sequence{6});
  CHECK(Unwrap(Commit(custody::Release{{5}, Items("1")})).first == tlog::Sequence{7});
  CHECK(Unwrap(Commit(custody::Rule{{Ruled::kCustodian, Ruled::kShred}, {}})).first == tlog::Sequence{8});
  CHECK(Add({{"d.log", "four\n"}}) == std::vector{tlog::Sequence{9}});

  const custody::Facts facts = Facts();
  CHECK(facts.holds->counts.At(1) == 0);
  CHECK(facts.holds->counts.At(2) == 2);
  CHECK(facts.holds->counts.At(3) == 1);
  CHECK(facts.two == custody::RuledActs{Ruled::kCustodian, Ruled::kShred});
  REQUIRE(facts.FindPresent(custody::ActorOf(bob.verifier())) != nullptr);
  CHECK(facts.FindPresent(custody::ActorOf(bob.verifier()))->since == tlog::Sequence{4});

  CHECK_FAILS(Commit(custody::Shred{Items("1")}), ErrorCode::kDenied, "two");
  CHECK_FAILS(Commit(custody::Shred{Items("2")}, &bob), ErrorCode::kInvalid, "item 2 is held (2 holds)");
  CHECK(Unwrap(Commit(custody::Shred{Items("1")}, &bob)).first == tlog::Sequence{10});
  CHECK(Facts().shredded->Has(1));
  CHECK_FAILS(Commit(custody::Shred{Items("1")}, &bob), ErrorCode::kInvalid, "shredded");
  // Another writer ends what the act announces.
  Unwrap(OpenWriter());
  const auto report = Verify(verify::Depth::kContent);
  INFO((report.ok() ? "" : verify::Describe(report.findings.front())));
  CHECK(report.ok());
  CHECK(report.entries == 11);
  CHECK(report.items == 10);  // all sealed files without the one that was shredded
}

TEST_CASE_METHOD(ActsFixture, "the index has a row for each item that is named in public, and for the state",
                 "[acts]") {
  Unwrap(Commit(custody::Hold{Items("1,3")}));
  Cat({3});  // an access names its items in fields
  const auto reader = Unwrap(OpenReader());
  const auto rows = [&](std::uint64_t first, std::uint64_t last) { return Unwrap(reader->ReadActs({first, last})); };
  using Rows = std::vector<custody::ActRow>;
  CHECK(rows(0, 0) == Rows{{0, {0}, "genesis"}, {0, {4}, "hold"}});
  CHECK(rows(1, 1) == Rows{{1, {4}, "hold"}});
  CHECK(rows(2, 2).empty());
  CHECK(rows(3, 3) == Rows{{3, {4}, "hold"}});
}

TEST_CASE_METHOD(ActsFixture, "a key is let in by what it may do now", "[acts]") {
  const auto file = path() / "k2.key";
  const auto carol = CustodianKey(2);
  const auto next = CustodianKey(2);
  REQUIRE_OK(custody::SavePlainKey(file, carol));
  CHECK_FAILS(OpenWriterAs(file, custody::Item::kForm), ErrorCode::kDenied, "never admitted");
  Unwrap(Commit(custody::Admit{{{2}, carol.verifier(), {Role::kCollector}}}));
  CHECK_FAILS(OpenWriterAs(file, custody::Hold::kForm), ErrorCode::kDenied, "role");
  {
    const auto writer = Unwrap(OpenWriterAs(file, custody::Rotate::kForm));
    CHECK_FAILS(writer->CommitAct({custody::Hold{Items("1")}, {{"reason", "test"}}}), ErrorCode::kDenied, "role");
    Unwrap(writer->CommitAct({custody::Rotate{next.verifier()}, {{"reason", "test"}}, {}, &next}));
  }
  CHECK_FAILS(OpenWriterAs(file, custody::Item::kForm), ErrorCode::kDenied, "was replaced in");
  CHECK(Verify(verify::Depth::kSealed).ok());
}

}  // namespace exhibit::testing
