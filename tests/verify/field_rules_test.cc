// Goal: who has a key learns what fields of one entry say against another: a transfer of what its releaser did not hold, with
// other leaves, and a case without its label. Method: a real vault with two custodians who sign such things.
#include "tests/support/findings.h"
#include "tests/support/vault_fixture.h"
#include "vault/verify/holders.h"

namespace exhibit::testing {
namespace {

using verify::Depth;
using verify::Property;

struct TransferFixture : VaultFixture {
  TransferFixture() : own(Unwrap(custody::LoadKey(key(), NoPassphrase))) {
    Add({{"a", "one"}, {"b", "two"}});
    other.emplace(Admit(2));
  }
  tlog::Sequence HandOver(const tlog::SigningKey& from, const tlog::SigningKey& to, store::Fields fields) {
    auto writer = Unwrap(OpenWriter());
    auto sealed = Unwrap(writer->sealer().Seal(std::move(fields), {}));
    const auto released = Unwrap(custody::SignedTransfer::Sign(
        {writer->head().origin, writer->state().fingerprint(), custody::ActorOf(from.verifier()),
         custody::ActorOf(to.verifier()), custody::EntryTimeOf(Now()), sealed.file.fields},
        from));
    sealed.fields.reset();  // so the writer, who would refuse it, does not know what they say
    std::vector<store::Pending> group;
    group.push_back(
        {custody::Transfer{custody::TransferOutcome::kAccepted, Unwrap(released.Countersign(to))}, std::move(sealed)});
    return Unwrap(writer->Commit(std::move(group), nullptr)).first;
  }
  std::string LeavesOf(const std::vector<tlog::Sequence>& items) const {
    const auto reader = Unwrap(OpenReader());
    std::vector<tlog::LeafHash> leaves;
    for (const tlog::Sequence item : items) leaves.push_back(Unwrap(reader->Entry(item)).leaf());
    return ToHex(custody::RootOfLeaves(leaves).view());
  }
  bool Remarks(const verify::Report& report, std::string_view words) const {
    return std::ranges::any_of(report.remarks,
                               [&](const std::string& remark) { return remark.find(words) != std::string::npos; });
  }
  tlog::SigningKey own;
  std::optional<tlog::SigningKey> other;
};

}  // namespace

TEST_CASE_METHOD(TransferFixture, "who holds an item hands it over, and then who received it", "[transfer]") {
  HandOver(own, *other, {{"items", "1-2"}, {"leaves", LeavesOf({{1}, {2}})}});
  HandOver(*other, own, {{"items", "2"}, {"leaves", LeavesOf({{2}})}});
  const auto report = Verify(Depth::kContent);
  INFO((report.ok() ? "" : verify::FirstProblem(report)));
  CHECK(report.ok());
}

TEST_CASE_METHOD(TransferFixture, "who never held an item cannot hand it over", "[transfer]") {
  const auto at = HandOver(*other, own, {{"items", "2"}});
  const auto report = Verify(Depth::kContent);
  CHECK(report.findings.size() == 1);
  CHECK(Names(report, Property::kFields, at.value));
  CHECK(Says(report, "person 2 released item 2, which person 1 held"));
  // It is sealed: who has no key cannot know.
  CHECK(Verify(Depth::kSealed).ok());

  SECTION("where another transfer was not looked at, it is a remark") {
    const auto reader = Unwrap(OpenReader());
    const VaultKeys keys = VaultKey();
    HandOver(own, *other, {{"items", "1"}});
    verify::Options options;
    options.depth = Depth::kContent;
    options.selected = {at};
    options.open_key = [&](tlog::Sequence sequence, const custody::SealedFile& file) {
      return verify::OpenFileKey(*reader, sequence, file, keys);
    };
    const auto part = Unwrap(verify::Verify(*Unwrap(OpenReader()), options, pool()));
    CHECK(part.ok());
    CHECK(Remarks(part, "as far as the transfers that were opened tell"));
  }
}

TEST_CASE_METHOD(TransferFixture, "leaves of other items are found", "[transfer]") {
  const auto at = HandOver(own, *other, {{"items", "1-2"}, {"leaves", LeavesOf({{1}})}});
  const auto report = Verify(Depth::kContent);
  CHECK(Names(report, Property::kFields, at.value));
  CHECK(Says(report, "its leaves are not those of the items"));
}

TEST_CASE_METHOD(TransferFixture, "a case that an item says and has no label of is remarked, for who has the key",
                 "[labels]") {
  auto facts = FactsOf("one");
  facts.cases = {"IR-1"};
  AddItem("one", facts);
  auto writer = Unwrap(OpenWriter());
  std::vector<store::Pending> group;
  group.push_back({custody::Item(), Unwrap(writer->sealer().Seal(custody::FieldsOf(facts), {}, ViewOf("one")))});
  const auto unlabelled = Unwrap(writer->Commit(std::move(group), nullptr)).first;
  writer.reset();

  const auto reader = Unwrap(OpenReader());
  const VaultKeys keys = VaultKey();
  const auto secret = Unwrap(LoadLabelSecret(VaultPaths(vault()), NoPassphrase));
  verify::Options options;
  options.depth = Depth::kContent;
  options.label_secret = &secret;
  options.open_key = [&](tlog::Sequence sequence, const custody::SealedFile& file) {
    return verify::OpenFileKey(*reader, sequence, file, keys);
  };
  const auto report = Unwrap(verify::Verify(*reader, options, pool()));
  CHECK(report.ok());
  REQUIRE(report.remarks.size() == 1);
  CHECK(report.remarks[0] == "entry " + std::to_string(unlabelled.value) +
                                 ": it says that it is of case IR-1, and has no label of that case");
}

TEST_CASE("the first item that the releaser did not hold is named, and the log goes on from what it says",
          "[transfer]") {
  verify::Holders holders(
      [](tlog::Sequence item) { return item.value < 10 ? std::optional(custody::Person{1}) : std::nullopt; });
  CHECK_FALSE(holders.HandOver({{1, 3}}, {1}, {2}));
  const auto wrong = holders.HandOver({{3, 5}}, {1}, {3});
  REQUIRE(wrong);
  CHECK(wrong->item == tlog::Sequence{3});
  CHECK(wrong->holder == custody::Person{2});
  CHECK_FALSE(holders.HandOver({{3, 5}}, {3}, {1}));
  CHECK_FALSE(holders.HandOver({{12, 12}}, {2}, {1}));  // nobody knows who took it in
}

}  // namespace exhibit::testing
