// Goal: the last line says no more than was checked, and each kind of ending has its status. Method: reports made up.
#include "cli/verdict.h"

#include "tests/support/reports.h"

namespace exhibit::testing {
namespace {

using cli::ExitCode;
using cli::Judge;
using tell::TrustedInput;
using tell::Verified;
using verify::Property;

const TrustedInput kNothing;
const tell::TrustedInput kFingerprint{.fingerprint = true};

const std::string kAsOf = "; as of entry 39; newest seen by nobody that was named; what came later is not known";

verify::Report GoodReport() {
  verify::Report report = GoodReportOf(40, 31);
  report.evidence = 30;
  return report;
}

void CheckSays(const cli::Verdict& verdict, ExitCode code, const std::string& text) {
  CHECK(static_cast<int>(verdict.code) == static_cast<int>(code));
  CHECK(verdict.ToText() == text);
}

}  // namespace

TEST_CASE("who brought nothing is told so, by the last line and by the status", "[verdict]") {
  const auto report = GoodReport();
  for (const tell::Verified what : {tell::Verified::kVault, tell::Verified::kPublishedLog, tell::Verified::kBundle}) {
    const auto verdict = Judge(report, kNothing, what);
    CHECK(verdict.code == ExitCode::kNotAnchored);
    CHECK(verdict.ToText().starts_with(
        "consistent with itself; whose vault this is was not checked (compare the fingerprint"));
    CHECK(verdict.ToText().find("verified") == std::string::npos);
    CHECK(Judge(report, kFingerprint, what).code == ExitCode::kOk);
    CHECK(Judge(report, {.policy_file = "p"}, what).code == ExitCode::kOk);
    CHECK(Judge(report, {.kept = "head"}, what).code == ExitCode::kOk);
  }
  CHECK(Judge(report, {.kept = "head"}, tell::Verified::kVault)
            .ToText()
            .ends_with("; it is the vault that this user saw before, by head" + kAsOf));
}

TEST_CASE("only a whole log is said to lack nothing", "[verdict]") {
  auto report = GoodReport();
  CheckSays(Judge(report, kFingerprint, tell::Verified::kVault), ExitCode::kOk,
            "verified: of entries 0 to 39 nothing was changed, dropped or slipped in" + kAsOf);
  report.not_here = {{{3}, {7}}, {{9}, {9}}};
  CheckSays(Judge(report, kFingerprint, tell::Verified::kBundle), ExitCode::kOk,
            "verified: nothing was changed or slipped in" + kAsOf + "; nothing is told of positions 3-7, 9");
  report.not_here = {{{9}, {9}}};
  CheckSays(Judge(report, kFingerprint, tell::Verified::kBundle), ExitCode::kOk,
            "verified: nothing was changed or slipped in" + kAsOf + "; nothing is told of position 9");
  report.not_here.clear();
  CheckSays(Judge(report, kFingerprint, tell::Verified::kBundle), ExitCode::kOk,
            "verified: nothing was changed or slipped in" + kAsOf + "; every position is told");
}

TEST_CASE("what was not looked at is not said to hold", "[verdict]") {
  auto report = GoodReport();
  report.depth = verify::Depth::kLog;
  CHECK(Judge(report, kFingerprint, tell::Verified::kVault).ToText().ends_with("; sealed files were not read"));
  CHECK(Judge(report, kFingerprint, tell::Verified::kPublishedLog)
            .ToText()
            .ends_with("; sealed files are not published"));
  report.depth = verify::Depth::kSealed;
  CHECK(Judge(report, kFingerprint, tell::Verified::kBundle).ToText().ends_with("; contents were not opened"));
  report.depth = verify::Depth::kContent;
  report.unopened = {{3}, {4}, {9}};
  CHECK(Judge(report, kFingerprint, tell::Verified::kBundle)
            .ToText()
            .ends_with("; entries 3-4, 9 were not opened by the key at hand"));
  report.undecided.push_back("data: no permission");
  CheckSays(Judge(report, kFingerprint, tell::Verified::kBundle), ExitCode::kFailed,
            "not verified: 1 thing could not be read or compared; nothing was found to be wrong");
  CHECK_FALSE(report.ok());
}

TEST_CASE("one changed item of many leaves the others", "[verdict]") {
  auto report = GoodReport();
  report.failed_items = {{485}};
  report.findings.push_back({Property::kPayload, tlog::Sequence{485}, {}, {}, "x"});
  CheckSays(Judge(report, kFingerprint, tell::Verified::kBundle), ExitCode::kVerificationFailed,
            "verification failed: 29 of 30 items hold; entry 485 was changed");
  CHECK(Judge(report, kNothing, tell::Verified::kBundle).ToText().ends_with("; whose vault this is was not checked"));
  report.findings.push_back(
      {Property::kBundle, tlog::Sequence{485}, {}, {}, "x", "data/485.age", ErrorCode::kNotFound});
  report.findings.push_back({Property::kChain, tlog::Sequence{486}, {}, {}, "x"});
  report.findings.push_back({Property::kChain, tlog::Sequence{487}, {}, {}, "x"});
  CheckSays(Judge(report, kFingerprint, tell::Verified::kBundle), ExitCode::kVerificationFailed,
            "verification failed: 29 of 30 items hold; entry 485 is not whole; entries 486-487 do not hold");
  report.findings.push_back({Property::kTree, {}, {}, {}, "x"});
  CheckSays(Judge(report, kFingerprint, tell::Verified::kVault), ExitCode::kVerificationFailed,
            "verification failed: 5 findings");
}

TEST_CASE("a damaged file of the store is told beside the items that hold", "[verdict]") {
  auto report = GoodReport();
  report.findings.push_back({Property::kMedium, {}, {}, {}, "x"});
  CheckSays(Judge(report, kFingerprint, tell::Verified::kVault), ExitCode::kVerificationFailed,
            "verification failed: 30 of 30 items hold; 1 finding of the store's files");
}

TEST_CASE("a page for people that was changed speaks against no evidence", "[verdict]") {
  auto report = GoodReport();
  report.findings.push_back({Property::kCompanion, {}, {}, {}, "x", "report.html"});
  report.findings.push_back({Property::kCompanion, {}, {}, {}, "y", "report.html"});
  CheckSays(Judge(report, kFingerprint, tell::Verified::kBundle), ExitCode::kVerificationFailed,
            "verification failed: 30 of 30 items hold; report.html was changed, which proves nothing; the evidence and "
            "its proofs are "
            "as the bundle was made");
  report.findings.push_back({Property::kBundle, {}, {}, {}, "z", "bundle.note"});
  CheckSays(Judge(report, kFingerprint, tell::Verified::kBundle), ExitCode::kVerificationFailed,
            "verification failed: 30 of 30 items hold; bundle.note is not as the bundle was made; report.html was "
            "changed, which proves "
            "nothing");
}

TEST_CASE("a page for people that is missing was not changed", "[verdict]") {
  auto report = GoodReport();
  report.findings.push_back({Property::kCompanion, {}, {}, {}, "x", "report.html", ErrorCode::kNotFound});
  CheckSays(
      Judge(report, kFingerprint, tell::Verified::kBundle), ExitCode::kVerificationFailed,
      "verification failed: 30 of 30 items hold; report.html is missing, which proves nothing; the evidence and its "
      "proofs are as the bundle was made");
  report.findings.push_back({Property::kCompanion, {}, {}, {}, "x", "items.csv"});
  CheckSays(
      Judge(report, kFingerprint, tell::Verified::kBundle), ExitCode::kVerificationFailed,
      "verification failed: 30 of 30 items hold; items.csv was changed, which proves nothing; report.html is missing, "
      "which proves nothing; the evidence and its proofs are as the bundle was made");
}

TEST_CASE("a key that opens nothing accuses nobody, and hides nothing", "[verdict]") {
  auto report = GoodReport();
  report.depth = verify::Depth::kSealed;
  report.contents = 0;
  report.unopened = {{1}, {2}};
  report.items = 2;
  const tell::TrustedInput brought{.fingerprint = true, .identity_files = {"wrong.txt"}};
  CheckSays(Judge(report, brought, tell::Verified::kBundle), ExitCode::kWrongKey,
            "not opened: the identity in wrong.txt opens none of the 2 sealed files; nothing of what was checked was "
            "changed");
  CHECK(Judge(report, {.identity_files = {"wrong.txt"}}, tell::Verified::kBundle)
            .ToText()
            .ends_with("; whose vault this is was not checked"));
  report.unopened.clear();
  CHECK(
      Judge(report, {.fingerprint = true, .identity_files = {"a", "b"}, .opens_nothing = true}, tell::Verified::kVault)
          .code == ExitCode::kWrongKey);
  report.findings.push_back({Property::kPayload, tlog::Sequence{1}, {}, {}, "x"});
  CHECK(Judge(report, {.identity_files = {"wrong.txt"}, .opens_nothing = true}, tell::Verified::kVault).code ==
        ExitCode::kVerificationFailed);
}

TEST_CASE("a copy that lags is older, and nothing else", "[verdict]") {
  auto report = GoodReport();
  report.newer = verify::Extended{"kept", {report.head->origin, {50}, {}}};
  CheckSays(Judge(report, {.kept = "kept"}, tell::Verified::kPublishedLog), ExitCode::kOlder,
            "older than what was seen before (size 40, seen 50), and consistent with it");
  report.findings.push_back({Property::kTree, {}, {}, {}, "x"});
  CHECK(Judge(report, {.kept = "kept"}, tell::Verified::kPublishedLog).code == ExitCode::kVerificationFailed);
}

TEST_CASE("what could not be read is put aside, once, and speaks against nothing", "[verdict]") {
  auto report = GoodReport();
  report.findings.push_back(
      {Property::kHeader, tlog::Sequence{3}, {}, {}, "no permission", {}, ErrorCode::kPermission});
  report.findings.push_back(
      {Property::kHeader, tlog::Sequence{3}, {}, {}, "no permission", {}, ErrorCode::kPermission});
  report.findings.push_back({Property::kHeader, tlog::Sequence{4}, {}, {}, "is missing", {}, ErrorCode::kNotFound});
  verify::CloseFindings(report, {});
  CHECK(report.undecided == std::vector<std::string>{"entry 3: no permission"});
  REQUIRE(report.findings.size() == 1);
  CHECK(verify::FirstProblem(report) == "entry 4: is missing");
  report.findings.clear();
  CHECK(verify::FirstProblem(report) == "entry 3: no permission");
}

TEST_CASE("the sentence says who saw the checkpoint last, and since when it was there", "[verdict]") {
  auto report = GoodReport();
  report.witnesses = {{"w1.example", {1'700'000'000}}, {"w2.example", {1'700'000'100}}};
  report.head_stamps = {{Moment{1'700'000'200'000}, {}}};
  CheckSays(Judge(report, kFingerprint, tell::Verified::kVault), ExitCode::kOk,
            "verified: of entries 0 to 39 nothing was changed, dropped or slipped in; as of entry 39; newest seen by "
            "w2.example at 2023-11-14T22:15:00.000Z; not later than 2023-11-14T22:16:40.000Z by an authority that was "
            "not checked; what came later is not known");
}

TEST_CASE("a newer version is needed from an entry on, and hides no finding", "[verdict]") {
  auto report = GoodReport();
  report.newer_from = custody::NewerFrom{{12}, 2};
  CheckSays(Judge(report, kFingerprint, tell::Verified::kVault), ExitCode::kNewerNeeded,
            "a newer version is needed: entry 12 asks for version 2; verified up to entry 11, and nothing was found "
            "changed there");
  report.unopened = {{1}};
  report.contents = 0;
  CHECK(Judge(report, kNothing, tell::Verified::kVault).code == ExitCode::kNewerNeeded);
  report.newer_from = custody::NewerFrom{{0}, 0};
  CHECK(Judge(report, kFingerprint, tell::Verified::kBundle).ToText().find("nothing was verified") !=
        std::string::npos);
  report.undecided.push_back("x");
  CHECK(Judge(report, kFingerprint, tell::Verified::kBundle).code == ExitCode::kFailed);
  report.findings.push_back({Property::kTree, {}, {}, {}, "x"});
  CHECK(Judge(report, kFingerprint, tell::Verified::kBundle).code == ExitCode::kVerificationFailed);
}

TEST_CASE("each status has a word of its own", "[verdict]") {
  CHECK(cli::WordOf(ExitCode::kOk) == "holds");
  CHECK(cli::WordOf(ExitCode::kFailed) == "not-read");
  CHECK(cli::WordOf(ExitCode::kVerificationFailed) == "changed");
  CHECK(cli::WordOf(ExitCode::kNotAnchored) == "not-anchored");
  CHECK(cli::WordOf(ExitCode::kWrongKey) == "wrong-key");
  CHECK(cli::WordOf(ExitCode::kWrongKey) == "wrong-key");
  CHECK(cli::WordOf(ExitCode::kOlder) == "older");
  CHECK(cli::WordOf(ExitCode::kNewerNeeded) == "newer");
}

TEST_CASE("hostile names in the last line are shown harmless", "[verdict]") {
  auto report = GoodReport();
  report.findings.push_back({Property::kBundle, {}, {}, {}, "x", "data/\x1b[2J"});
  CHECK(Judge(report, kFingerprint, tell::Verified::kBundle).ToText().find('\x1b') == std::string::npos);
}

}  // namespace exhibit::testing
