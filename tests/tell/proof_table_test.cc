// Goal: the table never says more than the report bears out. Method: reports made up, field by field.
#include "vault/tell/proof_table.h"

#include <map>
#include <set>

#include "tests/support/reports.h"

namespace exhibit::testing {
namespace {

using tell::ProofRow;
using tell::TrustedInput;
using tell::Verified;
using State = tell::ProofRow::State;

verify::Report GoodReport() { return GoodReportOf(7, 5); }

std::map<std::string, tell::ProofRow> Table(const verify::Report& report, const tell::TrustedInput& brought = {},
                                            tell::Verified what = tell::Verified::kVault) {
  std::map<std::string, tell::ProofRow> rows;
  for (tell::ProofRow& row : tell::ProofTable(report, brought, what)) rows.emplace(row.question, row);
  CHECK(rows.size() == 6);
  return rows;
}

verify::Stamped Stamp(std::uint64_t entry, std::uint64_t covers, std::int64_t time, bool holds) {
  verify::Stamped stamp{{entry}, tlog::TreeSize{covers}, {}, {time}, {}};
  if (holds)
    stamp.holds = crypto::VerifiedTimestamp{
        {time}, {}, "CN=Authority", Unwrap(crypto::TimestampPolicy::Parse("1.2.3")), {}, {}, {}};
  return stamp;
}

}  // namespace

TEST_CASE("without anything brought, order and integrity are proven and nothing of time", "[proof_table]") {
  const auto rows = Table(GoodReport());
  CHECK(rows.at("integrity").state == State::kProven);
  CHECK(rows.at("completeness").state == State::kPartly);
  CHECK(rows.at("order").state == State::kProven);
  CHECK(rows.at("not earlier").state == State::kNotProven);
  CHECK(rows.at("not later").state == State::kNotProven);
  CHECK(rows.at("who").state == State::kPartly);
  for (const auto& [question, row] : rows) CHECK((row.state == State::kProven) == row.command.empty());
}

TEST_CASE("what was brought raises what it bears on, and no more", "[proof_table]") {
  auto report = GoodReport();
  report.extends.push_back({"kept", *report.head});
  CHECK(Table(report).at("completeness").state == State::kProven);
  CHECK(Table(report, {.fingerprint = true}).at("who").state == State::kProven);
  CHECK(Table(report, {.policy_file = "policy"}).at("who").state == State::kProven);
  CHECK(Table(report, {.kept = "head"}).at("who").by.ends_with("which this user saw before"));
  report = GoodReport();
  report.witnesses = {{"w1", {5}}};
  CHECK(Table(report).at("completeness").state == State::kProven);
  CHECK(Table(report).at("not later").state == State::kNotProven);  // one clock that no quorum bears out
  report.seen = {{{6}, {5999}}};
  CHECK(Table(report).at("not later").state == State::kNotProven);
  report.seen.push_back({{7}, {5999}});
  CHECK(Table(report).at("not later").state == State::kProven);
  CHECK(Table(report).at("not later").by.find("1970-01-01T00:00:05.999Z") != std::string::npos);
  report.seen.clear();
  report.witnesses->clear();  // a quorum of none says nothing
  CHECK(Table(report).at("completeness").state == State::kPartly);
  CHECK(Table(report).at("not later").state == State::kNotProven);

  report = GoodReport();
  report.stamps = {Stamp(3, 2, 1000, false)};
  CHECK(Table(report).at("not later").state == State::kNotProven);
  CHECK(Table(report).at("not later").command.find("--roots") != std::string::npos);
  report.stamps = {Stamp(3, 2, 1000, true), Stamp(6, 5, 2000, true)};
  CHECK(Table(report).at("not later").state == State::kPartly);
  CHECK(Table(report).at("not later").by.find("entries 0 to 4") != std::string::npos);
  CHECK(Table(report).at("not earlier").by.find("entries after 3: not before") != std::string::npos);
  report.stamps.push_back(Stamp(7, 7, 3000, true));
  CHECK(Table(report).at("not later").state == State::kProven);
}

TEST_CASE("less depth, a bundle or a finding prove less", "[proof_table]") {
  auto report = GoodReport();
  report.depth = verify::Depth::kLog;
  CHECK(Table(report).at("integrity").state == State::kPartly);
  CHECK(Table(GoodReport(), {}, tell::Verified::kBundle).at("completeness").state == State::kNotProven);
  CHECK(Table(GoodReport(), {}, tell::Verified::kPublishedLog).at("integrity").state == State::kPartly);
  report.findings.push_back({verify::Property::kTree, {}, {}, {}, "x"});
  for (const auto& [question, row] : Table(report, {.policy_file = "policy", .fingerprint = true}))
    CHECK(row.state == State::kNotProven);
}

TEST_CASE("a finding takes away what it bears on, and nothing else", "[proof_table]") {
  using verify::Property;
  const auto not_proven = [](Property property) {
    auto report = GoodReport();
    report.extends.push_back({"kept", *report.head});
    report.stamps = {Stamp(7, 7, 3000, true)};
    report.findings.push_back({property, {}, {}, {}, "x"});
    std::set<std::string> questions;
    for (const auto& [question, row] : Table(report, {.fingerprint = true})) {
      if (row.state == State::kNotProven) questions.insert(question);
    }
    return questions;
  };
  using Set = std::set<std::string>;
  CHECK(not_proven(Property::kCompanion).empty());
  CHECK(not_proven(Property::kBundle) == Set{"integrity"});
  CHECK(not_proven(Property::kPayload) == Set{"integrity"});
  CHECK(not_proven(Property::kTimestamp) == Set{"not earlier", "not later"});
  CHECK(not_proven(Property::kSignature) == Set{"integrity", "who"});
  CHECK(not_proven(Property::kPolicy) == Set{"completeness", "not earlier", "not later", "who"});
  CHECK(not_proven(Property::kGenesis).size() == 6);
  CHECK(not_proven(Property::kHead).size() == 6);
}

TEST_CASE("of items that were changed, the others still hold", "[proof_table]") {
  auto report = GoodReport();
  report.evidence = 5;
  report.failed_items = {{3}};
  report.findings.push_back({verify::Property::kPayload, tlog::Sequence{3}, {}, {}, "x"});
  const auto rows = Table(report);
  CHECK(rows.at("integrity").state == State::kPartly);
  CHECK(rows.at("integrity").by == "4 of 5 items hold; entry 3 was changed");
  CHECK(rows.at("order").state == State::kProven);
}

TEST_CASE("each key that others had has a row with its answers, counted and named", "[proof_table]") {
  auto report = GoodReport();
  verify::Compromised key{{Unwrap(custody::Actor::Parse("log.example/a/k2+01020304")), false, {1}},
                          {6},
                          {0},
                          2,
                          "the timestamp in entry 4",
                          {},
                          {}};
  const auto row = [&] {
    report.compromised = {key};
    auto rows = tell::ProofTable(report, {}, tell::Verified::kVault);
    REQUIRE(rows.size() == 7);
    return rows.back();
  };
  CHECK(row().question == "stolen key");
  CHECK(row().state == State::kProven);
  CHECK(row().by ==
        "log.example/a/k2+01020304, in other hands since 1970-01-01T00:00:01Z (entry 6): 2 entries signed by it are "
        "proven "
        "to be from before, by the timestamp in entry 4");
  key.only_if_before = {{1}, {3}, {4}, {5}};
  CHECK(row().state == State::kPartly);
  CHECK(row().by.ends_with("; 4 entries signed by it are valid only if before 1970-01-01T00:00:01Z: 1, 3-5"));
  CHECK(row().command.find("--roots") != std::string::npos);
  key.valid = 0;
  key.only_if_before = {{5}};
  CHECK(row().by.ends_with("(entry 6): 1 entry signed by it is valid only if before 1970-01-01T00:00:01Z: 5"));
  for (std::uint64_t i = 10; i < 60; i += 2) key.only_if_before.push_back({i});
  CHECK(row().by.ends_with("5, 10, 12, 14, 16, 18, 20, 22 and more"));
  key.only_if_before.clear();
  CHECK(row().by.ends_with(": nothing was signed by it"));
  key.first = {3};
  CHECK(row().state == State::kPartly);
  CHECK(row().by.ends_with("; those before entry 3 were not looked at"));
  report.findings.push_back({});
  CHECK(tell::ProofTable(report, {}, tell::Verified::kVault).size() == 6);
}

TEST_CASE("a recovery is named whatever else is found", "[proof_table]") {
  auto report = GoodReport();
  report.recoveries = {{4}};
  CHECK(tell::ProofTable(report, {}, Verified::kBundle).back().by.find("in entry 4 readers took the vault back") == 0);
  report.findings.push_back({verify::Property::kTree, {}, {}, {}, "x"});
  CHECK(tell::ProofTable(report, {}, Verified::kBundle).back().question == "recovery");
}

TEST_CASE("a case is complete only where its items are here and every entry is told", "[proof_table]") {
  auto report = GoodReport();
  report.labelled = {{"IR-1", {{1}, {2}, {5}}, {}, {}}};
  const auto row = [&] { return tell::ProofTable(report, {}, Verified::kBundle).back(); };
  CHECK(row().question == "case IR-1");
  CHECK(row().state == State::kProven);
  CHECK(row().by == "3 of 3 labelled items are here");
  report.labelled[0].missing = {{2}};
  CHECK(row().state == State::kPartly);
  CHECK(row().by == "2 of 3 labelled items are here; missing: 2");
  report.labelled[0].missing.clear();
  report.not_here = {{{3}, {4}}};
  CHECK(row().state == State::kPartly);
  CHECK(row().by.ends_with("of entries that are not told, nothing is known"));
  report.labelled[0].whole_log = tlog::TreeSize{412};
  CHECK(row().state == State::kProven);
  CHECK(row().by == "3 of 3 labelled items are here; of all in the log up to entry 411");
}

TEST_CASE("where a newer version is needed, nothing is said of what comes from there on", "[proof_table]") {
  auto report = GoodReport();
  report.newer_from = custody::NewerFrom{{5}, 2};
  const auto rows = Table(report, {.fingerprint = true});
  CHECK(rows.at("integrity").state == State::kPartly);
  CHECK(rows.at("integrity").by.starts_with("entries 0 to 4 as they were signed; a newer version"));
  CHECK(rows.at("who").state == State::kNotProven);
  report.newer_from = custody::NewerFrom{{0}, 0};
  CHECK(Table(report).at("integrity").state == State::kNotProven);
}

TEST_CASE("a signature of the log that this program cannot check is named", "[proof_table]") {
  auto report = GoodReport();
  report.unchecked_keys = {"log.example/a+01020304"};
  CHECK(Table(report, {.fingerprint = true}).at("who").by.find("log.example/a+01020304 was not checked") !=
        std::string::npos);
}

}  // namespace exhibit::testing
