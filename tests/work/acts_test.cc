// Goal: an act of custody is committed like evidence is, and a vault that is opened again knows what
// stands, from the index of acts alone. Method: a real vault, opened anew for each act.
#include "tests/support/vault_fixture.h"

namespace exhibit::testing {
namespace {

using custody::EntryBody;
using custody::Role;

struct ActsFixture : VaultFixture {
  ActsFixture() { Add({{"a.log", "one\n"}, {"b.log", "two\n"}, {"c.log", "three\n"}}); }

  static tlog::SigningKey NewKey(const std::string& name) {
    return tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse(name)));
  }
  Result<store::Committed> Commit(EntryBody body, const tlog::SigningKey* cosigner = nullptr) {
    const auto writer = Unwrap(OpenWriter());
    return writer->CommitAct(std::move(body), cosigner);
  }
  custody::Facts Facts() { return Unwrap(Unwrap(OpenReader())->State()).facts(); }
  static custody::ItemSet Items(std::string_view text) { return Unwrap(custody::ItemSet::Parse(text)); }
};

}  // namespace

TEST_CASE_METHOD(ActsFixture, "acts are kept, and known again when the vault is opened", "[acts]") {
  const auto bob = NewKey("bob");
  const std::string actor = custody::ActorOf(bob.verifier());
  CHECK(Unwrap(Commit(custody::Admit{{"Bob", bob.verifier(), {Role::kCustodian}}})).first == tlog::Sequence{4});
  CHECK(Unwrap(Commit(custody::Hold{Items("1-2"), "order", "reason"})).first == tlog::Sequence{5});
  CHECK(Unwrap(Commit(custody::Hold{Items("2-3"), "order", "reason"})).first == tlog::Sequence{6});
  CHECK(Unwrap(Commit(custody::Release{Items("1"), "order", "reason"})).first == tlog::Sequence{7});
  CHECK(Unwrap(Commit(custody::Rule{{custody::EntryType::kShred}})).first == tlog::Sequence{8});
  CHECK(Add({{"d.log", "four\n"}}) == std::vector{tlog::Sequence{9}});

  const custody::Facts facts = Facts();
  CHECK(facts.holds.At(1) == 0);
  CHECK(facts.holds.At(2) == 2);
  CHECK(facts.holds.At(3) == 1);
  CHECK(facts.holds.At(4) == 0);
  CHECK(facts.needs_two == std::vector{custody::EntryType::kShred});
  REQUIRE(facts.Find(actor) != nullptr);
  CHECK(facts.Find(actor)->since == tlog::Sequence{4});

  CHECK_FAILS(Commit(custody::Shred{{1}, "order", "reason"}), ErrorCode::kDenied, "two custodians to shred");
  CHECK_FAILS(Commit(custody::Shred{{2}, "order", "reason"}, &bob), ErrorCode::kInvalid, "item 2 is held (2 holds)");
  CHECK_FAILS(Commit(custody::Hold{Items("4"), "order", "reason"}), ErrorCode::kInvalid, "entry 4 is no item");
  CHECK(Unwrap(Commit(custody::Shred{{1}, "order", "reason"}, &bob)).first == tlog::Sequence{10});
  CHECK(Facts().shredded == std::map<std::uint64_t, tlog::Sequence>{{1, {10}}});
  CHECK_FAILS(Commit(custody::Shred{{1}, "order", "reason"}, &bob), ErrorCode::kInvalid, "shredded under entry 10");

  const auto report = Verify(verify::Depth::kContent);
  CHECK(report.ok());
  CHECK(report.entries == 11);
  CHECK(report.items == 3);  // without the one that was shredded
  CHECK(report.remarks == std::vector<std::string>{"item 1: shredded under entry 10"});
}

TEST_CASE_METHOD(ActsFixture, "the index has a row for each item that is named, and for the state", "[acts]") {
  Unwrap(Commit(custody::Hold{Items("1,3"), "order", "reason"}));
  Unwrap(Commit(custody::Access{custody::Access::Way::kRead, Items("3"), "triage", {}}));
  const auto reader = Unwrap(OpenReader());
  const auto rows = [&](std::uint64_t first, std::uint64_t last) { return Unwrap(reader->ReadActs({first, last})); };
  using Rows = std::vector<custody::ActRow>;
  CHECK(rows(0, 0) == Rows{{0, {4}, "hold"}});
  CHECK(rows(1, 1) == Rows{{1, {4}, "hold"}});
  CHECK(rows(2, 2).empty());
  CHECK(rows(3, 3) == Rows{{3, {4}, "hold"}, {3, {5}, "access"}});
  CHECK(rows(0, ~std::uint64_t{0}).size() == 4);
}

TEST_CASE_METHOD(ActsFixture, "a key is let in by what it may do now", "[acts]") {
  const auto carol = NewKey("carol");
  const auto carol2 = NewKey("carol2");
  const auto file = path() / "carol.key";
  REQUIRE_OK(custody::SavePlainKey(file, carol));
  CHECK_FAILS(OpenWriterAs(file, custody::Act::kItem), ErrorCode::kDenied, "is not admitted to this vault");
  Unwrap(Commit(custody::Admit{{"Carol", carol.verifier(), {Role::kCollector}}}));
  CHECK_FAILS(OpenWriterAs(file, custody::Act::kHold), ErrorCode::kDenied, "holds no role");
  {
    const auto writer = Unwrap(OpenWriterAs(file, custody::Act::kRotate));
    CHECK_FAILS(writer->CommitAct(custody::Hold{Items("1"), "order", "reason"}), ErrorCode::kDenied, "holds no role");
    Unwrap(writer->CommitAct(custody::Rotate{carol2.verifier()}, &carol2));
    CHECK_FAILS(writer->CommitAct(custody::Rotate{carol2.verifier()}, &carol2), ErrorCode::kDenied, "was replaced by");
  }
  CHECK_FAILS(OpenWriterAs(file, custody::Act::kItem), ErrorCode::kDenied, "was replaced by carol2+");
  CHECK(Verify(verify::Depth::kSealed).ok());
}

}  // namespace exhibit::testing
