// Suspensions, lifts and the recovery key: who is stopped, who lifts, and that there is a way out of each.
#include "tests/custody/custody_log.h"

using namespace exhibit;
using namespace exhibit::testing;
using custody::Ruled;

TEST_CASE("whoever suspended may take it back, and no other alone while two others could", "[suspension]") {
  CustodyLog log;
  log.AdmitPersons(4);
  const auto suspension = log.Add(custody::Suspend{{2}}, "k1");
  CHECK_FAILS(log.Try(custody::Lift{suspension, {2}}, "k3"), ErrorCode::kTampered, "two persons who are not stopped");
  CHECK_FAILS(log.Try(custody::Lift{suspension, {2}}, "k3", "k2"), ErrorCode::kTampered, "the cosigner is stopped");
  CHECK_FAILS(log.Try(custody::Lift{suspension, {3}}, "k1"), ErrorCode::kTampered, "no suspension of person 3");
  CHECK_FAILS(log.Try(custody::Lift{suspension, {2}}, "k2"), ErrorCode::kTampered, "did not make this one");
  SECTION("by who made it") { REQUIRE_OK(log.Try(custody::Lift{suspension, {2}}, "k1")); }
  SECTION("by two others") { REQUIRE_OK(log.Try(custody::Lift{suspension, {2}}, "k3", "k4")); }
  CHECK(log.state().facts().suspensions.empty());
  REQUIRE_OK(log.Try(CustodyLog::AdmitOf("k5", 5), "k1"));
}

TEST_CASE("where lifting is ruled, whoever suspended needs a second", "[suspension]") {
  CustodyLog log;
  log.AdmitPersons(4);
  log.Add(CustodyLog::RuleOf({Ruled::kCustodian, Ruled::kLift}));
  const auto suspension = log.Add(custody::Suspend{{2}}, "k1");
  CHECK_FAILS(log.Try(custody::Lift{suspension, {2}}, "k1"), ErrorCode::kTampered, "two persons to lift");
  REQUIRE_OK(log.Try(custody::Lift{suspension, {2}}, "k1", "k3"));
}

TEST_CASE("a suspension that nobody could lift is refused", "[suspension]") {
  CustodyLog log({.has_recovery = false});
  log.AdmitPersons(2);
  CHECK_FAILS(log.Try(custody::Suspend{{2}}, "k1"), ErrorCode::kTampered, "leaves nobody who could lift");
  log.Add(CustodyLog::AdmitOf("k3", 3));
  log.Add(custody::Suspend{{2}}, "k1");
  CHECK_FAILS(log.Try(CustodyLog::RetireOf("k3"), "k3"), ErrorCode::kTampered, "leaves nobody who could lift");
}

TEST_CASE("a suspension ends with the last key of whom it names, or of who made it", "[suspension]") {
  CustodyLog log;
  log.AdmitPersons(3);
  log.Add(custody::Suspend{{2}}, "k1");
  log.Add(CustodyLog::RetireOf("k2"), "k3");
  CHECK(log.state().facts().suspensions.empty());
  log.Add(custody::Suspend{{3}}, "k1");
  CHECK_FALSE(log.state().facts().suspensions.empty());
}

TEST_CASE("the recovery key admits one and stops all others, who are lifted one by one", "[suspension]") {
  CustodyLog log;
  log.AdmitPersons(2);
  const custody::Recovery recovery{CustodyLog::CustodianOf("k3", 3), CustodyLog::Key("recovery2").verifier()};
  CHECK_FAILS(log.Try(recovery, "k1", "k3"), ErrorCode::kTampered, "not signed by the recovery key");
  CHECK_FAILS(log.Try(recovery, "recovery", "k1"), ErrorCode::kTampered, "must sign too");
  const auto at = log.Add(recovery, "recovery", "k3");
  CHECK(log.state().facts().recoveries == std::vector{at});
  CHECK_FAILS(log.Try(CustodyLog::AdmitOf("k4", 4), "k1"), ErrorCode::kTampered, "person 1 is stopped");
  log.Add(custody::Lift{at, {1}}, "k3");
  log.Add(custody::Lift{at, {2}}, "k3", "k1");
  CHECK(log.state().facts().suspensions.empty());
  CHECK_FAILS(log.Try(custody::Recovery{CustodyLog::CustodianOf("k4", 4), std::nullopt}, "recovery", "k4"),
              ErrorCode::kTampered, "not signed by the recovery key");
}

TEST_CASE("a rule ends the recovery key, unless two keep it", "[suspension]") {
  CustodyLog log;
  log.AdmitPersons(2);
  custody::Rule rule = CustodyLog::RuleOf({Ruled::kCustodian});
  SECTION("ends it") {
    log.Add(rule);
    CHECK(log.state().facts().recovery() == nullptr);
    CHECK_FAILS(log.Try(custody::Recovery{CustodyLog::CustodianOf("k3", 3), std::nullopt}, "recovery", "k3"),
                ErrorCode::kTampered, "no recovery key is in force");
  }
  SECTION("keeps it") {
    rule.recovery = custody::Yes{};
    CHECK_FAILS(log.Try(rule, "k1"), ErrorCode::kTampered, "two persons to rule");
    log.Add(rule, "k1", "k2");
    REQUIRE_OK(log.Try(custody::Recovery{CustodyLog::CustodianOf("k3", 3), std::nullopt}, "recovery", "k3"));
    CHECK(log.state().facts().two.empty());
  }
}

TEST_CASE("other readers bring another recovery key, or none", "[suspension]") {
  CustodyLog log;
  log.Add(custody::ReaderChange{{}, CustodyLog::Key("recovery2").verifier()});
  REQUIRE(log.state().facts().recovery() != nullptr);
  CHECK(*log.state().facts().recovery() == CustodyLog::Key("recovery2").verifier());
  log.Add(custody::ReaderChange{});
  CHECK(log.state().facts().recovery() == nullptr);
}
