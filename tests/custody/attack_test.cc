// What one key could do (a review of the program before, row by row): each attack is tried, and ends as docs/FORMAT.md says.
#include "tests/custody/custody_log.h"

using namespace exhibit;
using namespace exhibit::testing;
using custody::Role;
using custody::Ruled;
using custody::RuledActs;

namespace {

// Four persons, and a rule of two for all that can be ruled.
struct Quorum : CustodyLog {
  Quorum() {
    AdmitPersons(4);
    Add(RuleOf(RuledActs::All()));
  }
};

}  // namespace

TEST_CASE("under a rule of two one custodian retires nobody else, and puts no other key in the log's place",
          "[attack]") {
  Quorum log;
  CHECK_FAILS(log.Try(CustodyLog::RetireOf("k2"), "k1"), ErrorCode::kTampered, "two persons to retire");
  const custody::LogKeyChange change{CustodyLog::LogKeys("log2"), std::nullopt};
  CHECK_FAILS(log.Try(CustodyLog::Sign(log.Draft(change, "k1"), {"k1", "log", "log2"})), ErrorCode::kTampered,
              "two persons to log-key");
  CHECK_FAILS(log.Try(custody::LostHead{log.Checkpoint(2)}, "k1"), ErrorCode::kTampered, "two persons to lost-head");
  CHECK_FAILS(log.Try(custody::ReaderChange{}, "k1"), ErrorCode::kTampered, "two persons to reader");
  CHECK_FAILS(log.Try(CustodyLog::RuleOf({}), "k1"), ErrorCode::kTampered, "two persons to rule");
  CHECK_FAILS(log.Try(custody::Closed{}, "k1"), ErrorCode::kTampered, "two persons to closed");
  REQUIRE_OK(log.Try(CustodyLog::Sign(log.Draft(change, "k1", "k2"), {"k1", "k2", "log", "log2"})));
}

TEST_CASE("one alone may only suspend, and two others decide", "[attack]") {
  Quorum log;
  const auto suspension = log.Add(custody::Suspend{{1}}, "k2");
  CHECK_FAILS(log.Try(custody::Shred{Items("1")}, "k1", "k3"), ErrorCode::kTampered, "person 1 is stopped");
  CHECK_FAILS(log.Try(CustodyLog::AdmitOf("k5", 5), "k2", "k3"), ErrorCode::kTampered, "person 2 is stopped");
  REQUIRE_OK(log.Try(CustodyLog::AnItem(), "k1"));
  CHECK(log.remarks() == std::vector{custody::Remark{custody::Remark::Kind::kBySuspended, {6}, custody::Person{1}}});
  CHECK_FAILS(log.Try(custody::Lift{suspension, {1}}, "k1"), ErrorCode::kTampered, "person 1 is stopped");
  CHECK_FAILS(log.Try(custody::Lift{suspension, {1}}, "k3"), ErrorCode::kTampered, "two persons who are not stopped");
  REQUIRE_OK(log.Try(custody::Lift{suspension, {1}}, "k3", "k4"));
  REQUIRE_OK(log.Try(CustodyLog::AdmitOf("k5", 5), "k2", "k3"));
  CHECK_FAILS(log.Try(custody::Suspend{{1}}, "k2"), ErrorCode::kTampered, "does so once");
}

TEST_CASE("any rule asks two persons to admit, so nobody cosigns with a second key of his own", "[attack]") {
  CustodyLog log;
  log.Add(CustodyLog::AdmitOf("k2", 2));
  log.Add(CustodyLog::RuleOf({Ruled::kCustodian, Ruled::kRelease, Ruled::kShred}));
  CHECK_FAILS(log.Try(CustodyLog::AdmitOf("k3", 1), "k1"), ErrorCode::kTampered, "two persons to admit");
  log.Add(CustodyLog::AdmitOf("k3", 1), "k1", "k2");
  CHECK_FAILS(log.Try(custody::Shred{Items("1")}, "k1", "k3"), ErrorCode::kTampered, "both keys are of person 1");
}

TEST_CASE("a cosigner whom the actor admitted alone is remarked", "[attack]") {
  CustodyLog log;
  log.Add(CustodyLog::AdmitOf("k2", 2));
  log.Add(CustodyLog::AnItem());
  log.Add(custody::Shred{Items("2")}, "k1", "k2");
  CHECK(log.remarks() == std::vector{custody::Remark{custody::Remark::Kind::kCosignerAdmittedByActor, {3}}});
}

TEST_CASE("a rule leaves nobody without a second person", "[attack]") {
  CustodyLog log;
  CHECK_FAILS(log.Try(CustodyLog::RuleOf({Ruled::kCustodian}), "k1"), ErrorCode::kTampered, "could not be kept");
  log.AdmitPersons(2);
  log.Add(CustodyLog::RuleOf({Ruled::kCustodian}));
  CHECK_FAILS(log.Try(CustodyLog::RetireOf("k2"), "k1"), ErrorCode::kTampered, "one custodian would be left");
  CHECK_FAILS(log.Try(CustodyLog::RetireOf("k1"), "k1"), ErrorCode::kTampered, "one custodian would be left");
}

TEST_CASE("a time that would cast doubt on what was proven needs two", "[attack]") {
  CustodyLog log;
  log.AdmitPersons(2);
  custody::Retire retire = CustodyLog::RetireOf("k1");
  retire.compromised_since = At("2000-01-01T00:00:00Z");
  CHECK_FAILS(log.Try(retire, "k2"), ErrorCode::kTampered, "two persons to retire");
  custody::LogKeyChange change{CustodyLog::LogKeys("log2"), At("2000-01-01T00:00:00Z")};
  CHECK_FAILS(log.Try(CustodyLog::Sign(log.Draft(change, "k1"), {"k1", "log", "log2"})), ErrorCode::kTampered,
              "two persons to log-key");
  change.compromised_since = custody::EntryTime{kNoon.seconds + 1};
  REQUIRE_OK(log.Try(CustodyLog::Sign(log.Draft(change, "k1"), {"k1", "log", "log2"})));
  retire.compromised_since = kNoon;
  REQUIRE_OK(log.Try(retire, "k2"));
  CHECK(log.state().facts().compromises.size() == 2);
}

TEST_CASE("a new key keeps the handle of the old one, and a handle is given once", "[attack]") {
  CustodyLog log;
  log.Add(CustodyLog::AdmitOf("k2", 2, {Role::kCollector}));
  CHECK_FAILS(log.Try(CustodyLog::RotateTo("k3"), "k2", "k3"), ErrorCode::kTampered, "another name");
  CHECK_FAILS(log.Try(CustodyLog::RotateTo("k2b"), "k2", "k1"), ErrorCode::kTampered, "must sign too");
  log.Add(CustodyLog::RotateTo("k2b"), "k2", "k2b");
  CHECK_FAILS(log.Try(CustodyLog::AnItem(), "k2"), ErrorCode::kTampered, "was replaced in");
  CHECK_FAILS(log.Try(CustodyLog::AdmitOf("k2c", 2), "k1"), ErrorCode::kTampered, "was given before");
  CHECK_FAILS(log.Try(CustodyLog::AdmitOf("k2", 2), "k1"), ErrorCode::kTampered, "known to this vault before");
  CHECK_FAILS(log.Try(CustodyLog::AdmitOf("k3", 4), "k1"), ErrorCode::kTampered, "does not follow the highest");
  CHECK_FAILS(log.Try(CustodyLog::AnItem(), "k9"), ErrorCode::kTampered, "never admitted");
}

TEST_CASE("whoever keeps back the last items, an item or a run is named", "[attack]") {
  CustodyLog log;
  log.Add(CustodyLog::AdmitOf("k2", 2, {Role::kCollector}));
  const auto first = log.CollectedBy("k2", 1);
  const auto second = log.CollectedBy("k2", 2, first.digest());
  const auto third = log.CollectedBy("k2", 3, second.digest());
  const auto closed = log.ClosedBy("k2", 3, third.digest());
  const auto gaps = [&] { return log.state().facts().collectors->Gaps(); };

  log.Add(custody::Item{first, std::nullopt}, "k1");
  REQUIRE(gaps().size() == 1);
  CHECK(gaps()[0].is_open);
  log.Add(custody::Item{third, std::nullopt}, "k1");
  CHECK(gaps()[0].missing_numbers == std::vector{custody::ItemSet::Range{2, 2}});
  CHECK(gaps()[0].is_broken);
  log.Add(custody::Run{closed}, "k1");
  CHECK_FALSE(gaps()[0].missing_numbers.empty());
  log.Add(custody::Item{second, std::nullopt}, "k1");
  CHECK(gaps().empty());
  CHECK_FAILS(log.Try(custody::Item{second, std::nullopt}, "k1"), ErrorCode::kTampered, "number 2");
  CHECK_FAILS(log.Try(custody::Run{closed}, "k1"), ErrorCode::kTampered, "in the log already");
}

TEST_CASE("a statement for another vault of the same origin is refused", "[attack]") {
  CustodyLog log;
  const CustodyLog other({.has_recovery = false});
  log.AdmitPersons(2);
  CHECK_FAILS(log.Try(custody::Item{other.CollectedBy("k1", 1), std::nullopt}, "k1"), ErrorCode::kTampered,
              "another vault of this origin");
  CHECK_FAILS(log.Try(other.Accepted("k1", "k2"), "k1"), ErrorCode::kTampered, "another vault of this origin");
}

TEST_CASE("a statement of transfer is used once, and one person does not hand over to himself", "[attack]") {
  CustodyLog log;
  log.AdmitPersons(2);
  log.Add(CustodyLog::AdmitOf("k3", 1));
  const custody::Transfer refused{custody::TransferOutcome::kRefused, log.Statement("k1", "k2")};
  log.Add(refused, "k2");
  CHECK_FAILS(log.Try(log.Accepted("k1", "k2"), "k2"), ErrorCode::kTampered, "in the log already");
  CHECK_FAILS(log.Try(log.Accepted("k1", "k3"), "k2"), ErrorCode::kTampered, "person 1 alone");
  const custody::Transfer unsigned_by_receiver{custody::TransferOutcome::kAccepted, log.Statement("k2", "k1")};
  CHECK_FAILS(log.Try(unsigned_by_receiver, "k2"), ErrorCode::kTampered, "statement");
}

TEST_CASE("a release names the hold that it ends, and a held item is not shredded", "[attack]") {
  CustodyLog log;
  log.Add(CustodyLog::AnItem());
  log.Add(CustodyLog::AnItem());
  const auto mine = log.Add(custody::Hold{Items("1-2")});
  const auto other = log.Add(custody::Hold{Items("2")});
  CHECK_FAILS(log.Try(custody::Release{{1}, Items("1")}, "k1"), ErrorCode::kTampered, "entry 1 is no hold");
  log.Add(custody::Release{mine, Items("1-2")});
  CHECK_FAILS(log.Try(custody::Release{mine, Items("2")}, "k1"), ErrorCode::kTampered, "is not held, or no more");
  CHECK_FAILS(log.Try(custody::Shred{Items("1-2")}, "k1"), ErrorCode::kTampered, "item 2 is held (1 hold)");
  log.Add(custody::Release{other, Items("2")});
  log.Add(custody::Shred{Items("1-2")});
  CHECK_FAILS(log.Try(custody::Hold{Items("2")}, "k1"), ErrorCode::kTampered, "item 2 is shredded");
  CHECK_FAILS(log.Try(custody::Shred{Items("1")}, "k1"), ErrorCode::kTampered, "item 1 is shredded");
}

TEST_CASE("an item is named only if it is an earlier entry with a sealed file", "[attack]") {
  CustodyLog log;
  log.Add(custody::Timestamped{log.Checkpoint(1), std::nullopt, {1}});
  CHECK_FAILS(log.Try(custody::Hold{Items("1")}, "k1"), ErrorCode::kTampered, "entry 1 has no sealed file");
  CHECK_FAILS(log.Try(custody::Hold{Items("2")}, "k1"), ErrorCode::kTampered, "is not an earlier one");
  REQUIRE_OK(log.Try(custody::Hold{Items("0")}, "k1"));
}

TEST_CASE("a retired or robbed log key signs no earlier or later checkpoint than its own", "[attack]") {
  CustodyLog log;
  log.Add(CustodyLog::Sign(log.Draft(custody::LogKeyChange{CustodyLog::LogKeys("log2"), std::nullopt}, "k1"),
                           {"k1", "log", "log2"}));
  log.Add(CustodyLog::AnItem());
  CHECK_FAILS(log.Try(custody::Timestamped{log.Checkpoint(2), std::nullopt, {1}}, "k1"), ErrorCode::kTampered,
              "checkpoint of size 2");
  CHECK_FAILS(log.Try(custody::Timestamped{log.Checkpoint(1, "log2"), std::nullopt, {1}}, "k1"), ErrorCode::kTampered,
              "checkpoint of size 1");
  REQUIRE_OK(log.Try(custody::Timestamped{log.Checkpoint(2, "log2"), std::nullopt, {1}}, "k1"));
  CHECK_FAILS(log.Try(CustodyLog::Sign(log.Draft(custody::LogKeyChange{CustodyLog::LogKeys("log"), std::nullopt}, "k1"),
                                       {"k1", "log2", "log"})),
              ErrorCode::kTampered, "known to this vault before");
}

TEST_CASE("a retirement cannot be left out: each entry says which law entry is the last before it", "[attack]") {
  CustodyLog log;
  log.AdmitPersons(2);
  log.Add(CustodyLog::RetireOf("k1"), "k2");
  log.Add(CustodyLog::AnItem(), "k2");
  auto bundle = Unwrap(custody::State::Begin(log.entries()[0]));
  REQUIRE_OK(bundle.AcceptTold(log.entries()[1]));
  CHECK_FAILS(bundle.AcceptTold(log.entries()[3]), ErrorCode::kTampered, "its law is entry 2");
}
