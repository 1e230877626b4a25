// Goal: who has a case's key and the whole log knows whether a bundle has all of the case, or which positions are missing; a log
// that is another history is a finding, and one that cannot be believed says nothing. Method: a vault is its own whole log.
#include "vault/bundle/case_check.h"

#include "tests/bundle/bundle_fixture.h"
#include "vault/session/label_key.h"

namespace exhibit::testing {
namespace {

struct CaseFixture : BundleFixture {
  CaseFixture() : BundleFixture(Items{}) {
    for (const char* const text : {"one", "two", "three"}) AddOf("IR-1", text);
    AddOf("IR-2", "of another case");
    const auto secret = Unwrap(LoadLabelSecret(VaultPaths(vault()), NoPassphrase));
    const auto line = secret.KeyOf("IR-1").ToLine(reader->fingerprint(), "IR-1");
    keys.push_back(Unwrap(custody::GivenCaseKey::Parse(line.ExposeSecret())));
  }
  void AddOf(const std::string& name, std::string_view text) {
    auto facts = FactsOf(text, text);
    facts.cases = {name};
    AddItem(text, facts);
  }
  bundle::CheckedBundle CheckAll(const fs::path& folder) {
    VerifyRequest request;
    request.case_keys = &keys;
    return Unwrap(bundle::CheckBundle(folder, request, pool()));
  }
  bundle::CheckedBundle Compare(bundle::CheckedBundle checked, const verify::Source& log) {
    REQUIRE_OK(bundle::CompareWithLog({log, "the copy"}, keys, nullptr, checked, pool()));
    return checked;
  }

  std::vector<custody::GivenCaseKey> keys;
};

}  // namespace

TEST_CASE_METHOD(CaseFixture, "a bundle that has all of a case is complete", "[bundle]") {
  auto checked = CheckAll(Export("all", {{1}, {2}, {3}}));
  CHECK_FALSE(checked.report.labelled.at(0).whole_log);
  checked = Compare(std::move(checked), *Unwrap(OpenReader()));
  REQUIRE(checked.report.ok());
  const verify::Labelled& labelled = checked.report.labelled.at(0);
  CHECK(labelled.items == std::vector<tlog::Sequence>{{1}, {2}, {3}});
  CHECK(labelled.missing.empty());
  CHECK(labelled.whole_log == reader->head().size);
}

TEST_CASE_METHOD(CaseFixture, "what is missing of a case is named, if it came later, too", "[bundle]") {
  const auto folder = Export("part", {{1}, {4}});
  AddOf("IR-1", "late");
  const auto late = tlog::Sequence{Unwrap(OpenReader())->head().size.value - 1};
  const auto checked = Compare(CheckAll(folder), *Unwrap(OpenReader()));
  REQUIRE(checked.report.ok());
  CHECK(checked.report.labelled.at(0).missing == std::vector<tlog::Sequence>{{2}, {3}, late});
}

TEST_CASE_METHOD(CaseFixture, "an item that names a case without its label is remarked, and is no finding",
                 "[bundle]") {
  auto facts = FactsOf("unlabelled");
  facts.cases = {"IR-1"};
  auto writer = Unwrap(OpenWriter());
  std::vector<store::Pending> group;
  group.push_back({custody::Item(), Unwrap(writer->sealer().Seal(custody::FieldsOf(facts), {}, ViewOf("unlabelled")))});
  const auto unlabelled = Unwrap(writer->Commit(std::move(group), nullptr)).first;
  writer.reset();
  const auto checked = CheckAll(Export("told", {{1}, {4}, unlabelled}));
  REQUIRE(checked.report.ok());
  const std::string wanted =
      Format("{}: it says that it is of case IR-1, and has no label of that case", NameOf(unlabelled));
  CHECK(std::ranges::count(checked.report.remarks, wanted) == 1);
  CHECK(std::ranges::count_if(checked.report.remarks,
                              [](const std::string& one) { return one.ends_with("that case"); }) == 1);
}

TEST_CASE_METHOD(CaseFixture, "a log that has another entry is another history", "[bundle]") {
  auto checked = CheckAll(Export("all", {{1}, {2}, {3}}));
  checked.leaves.at({2}) = tlog::HashLeaf(ViewOf(std::string_view("another entry")));
  const auto compared = Compare(std::move(checked), *Unwrap(OpenReader()));
  CHECK(Names(compared.report, Property::kConsistency, 2));
  CHECK_FALSE(compared.report.labelled.at(0).whole_log);
}

TEST_CASE_METHOD(CaseFixture, "a log that does not hold says nothing of the case", "[bundle]") {
  auto checked = CheckAll(Export("part", {{1}}));
  const BundleFixture other;
  const auto compared = Compare(std::move(checked), *other.reader);
  CHECK(compared.report.findings.empty());
  REQUIRE(compared.report.undecided.size() == 1);
  CHECK(compared.report.undecided.front().starts_with("the log in the copy: "));
  CHECK_FALSE(compared.report.labelled.at(0).whole_log);
}

}  // namespace exhibit::testing
