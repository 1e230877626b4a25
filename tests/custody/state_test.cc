// The replay: places, laws, versions that are not known, resuming from the index, bundles with gaps.
#include "vault/custody/state.h"

#include "tests/custody/custody_log.h"
#include "vault/custody/act_index.h"

using namespace exhibit;
using namespace exhibit::testing;
using custody::Role;
using custody::SignedEntry;
using custody::State;

namespace {

SignedEntry Changed(const CustodyLog& log, void (*change)(custody::Entry&)) {
  custody::Entry entry = log.Draft(CustodyLog::AnItem(), "k1");
  change(entry);
  return CustodyLog::Sign(entry, {"k1"});
}

State Resumed(const CustodyLog& log) {
  std::vector<SignedEntry> acts;
  for (const SignedEntry& entry : log.entries()) {
    if (entry.parsed().sequence.value > 0 && custody::ChangesState(entry.parsed().body)) acts.push_back(entry);
  }
  return Unwrap(State::Resume(log.entries()[0], acts, log.entries().back()));
}

}  // namespace

TEST_CASE("an entry has its place: position, chain, law, labels", "[state]") {
  CustodyLog log;
  log.AdmitPersons(2);
  CHECK_FAILS(log.Try(Changed(log, [](custody::Entry& entry) { entry.sequence.value = 3; })), ErrorCode::kTampered,
              "says that it is entry 3");
  CHECK_FAILS(log.Try(Changed(log, [](custody::Entry& entry) { entry.previous = {}; })), ErrorCode::kTampered,
              "does not follow");
  CHECK_FAILS(log.Try(Changed(log, [](custody::Entry& entry) { entry.law.value = 0; })), ErrorCode::kTampered,
              "its law is entry 0");
  CHECK_FAILS(log.Try(Changed(log, [](custody::Entry& entry) { entry.sealed->labels = AnyLabels(5); })),
              ErrorCode::kTampered, "5 labels");
  CHECK_FAILS(log.Try(CustodyLog::Sign(log.Draft(CustodyLog::AnItem(), "k1"), {"k1"}).parsed().body, "k2", "k1"),
              ErrorCode::kTampered, "has no cosigner");
  REQUIRE_OK(log.Try(Changed(log, [](custody::Entry& entry) { entry.time.seconds -= 1; })));
  CHECK(log.remarks() == std::vector{custody::Remark{custody::Remark::Kind::kClockSteppedBack, {2}}});
}

TEST_CASE("roles say who signs what", "[state]") {
  CustodyLog log;
  log.Add(CustodyLog::AdmitOf("k2", 2, {Role::kCollector}));
  log.Add(CustodyLog::AdmitOf("k3", 3, {Role::kWitness}));
  REQUIRE_OK(log.Try(CustodyLog::AnItem(), "k2"));
  CHECK_FAILS(log.Try(custody::Note{}, "k2"), ErrorCode::kTampered, "no role that may sign");
  CHECK_FAILS(log.Try(CustodyLog::AnItem(), "k3"), ErrorCode::kTampered, "no role that may sign");
  const auto early = log.CollectedBy("k2", 1);
  log.Add(CustodyLog::RetireOf("k2"));
  CHECK_FAILS(log.Try(CustodyLog::AnItem(), "k2"), ErrorCode::kTampered, "was retired in entry");
  CHECK_FAILS(log.Try(custody::Item{early, std::nullopt}, "k1"), ErrorCode::kTampered, "not admitted");
  log.Add(custody::Item{early, custody::WordSet<custody::Accepted>{custody::Accepted::kRetired}});
}

TEST_CASE("an item that is sealed to an earlier key of the vault is accepted by name", "[state]") {
  CustodyLog log;
  log.Add(CustodyLog::AdmitOf("k2", 2, {Role::kCollector}));
  const auto early = log.CollectedBy("k2", 1);
  log.Add(custody::Reseal{RecipientNamed("second"), std::nullopt, std::nullopt, std::nullopt, std::nullopt});
  CHECK_FAILS(log.Try(custody::Item{early, std::nullopt}, "k1"), ErrorCode::kTampered,
              "another key than the vault's present one");
  const custody::Item accepted{early, custody::WordSet<custody::Accepted>{custody::Accepted::kEarlierKey}};
  CHECK_FAILS(log.Try(accepted, "k2"), ErrorCode::kTampered, "no role that may sign");
  REQUIRE_OK(log.Try(accepted, "k1"));
  CHECK_FAILS(
      log.Try(custody::Reseal{RecipientNamed("first"), std::nullopt, std::nullopt, std::nullopt, std::nullopt}, "k1"),
      ErrorCode::kTampered, "had this key before");
}

TEST_CASE("resealing: to the present key what came before it, and old headers are destroyed by two", "[state]") {
  CustodyLog log;
  log.AdmitPersons(2);
  log.Add(CustodyLog::AnItem());
  custody::Reseal reseal{RecipientNamed("hybrid", custody::Suite::kHybrid), std::nullopt, std::nullopt, std::nullopt,
                         std::nullopt};
  log.Add(reseal);
  log.Add(CustodyLog::AnItem());
  CHECK(log.state().law() == tlog::Sequence{3});
  custody::Reseal more{std::nullopt, std::nullopt, Items("2"), Bytes(32, 1), custody::Yes{}};
  CHECK_FAILS(log.Try(more, "k1"), ErrorCode::kTampered, "two persons to reseal");
  log.Add(more, "k1", "k2");
  CHECK(log.state().law() == tlog::Sequence{3});
  more.items = Items("4");
  CHECK_FAILS(log.Try(more, "k1", "k2"), ErrorCode::kTampered, "sealed to this key already");
  CHECK_FAILS(
      log.Try(custody::Reseal{RecipientNamed("back"), std::nullopt, std::nullopt, std::nullopt, std::nullopt}, "k1"),
      ErrorCode::kTampered, "does not go back");
}

TEST_CASE("a collector's next key takes its place by the collector's own statement", "[state]") {
  CustodyLog log;
  log.Add(CustodyLog::AdmitOf("k2", 2, {Role::kCollector}));
  const auto last = log.CollectedBy("k2", 1, {}, "k2b");
  log.Add(custody::Item{last, std::nullopt});
  log.Add(custody::Succeed{last}, "k1");
  REQUIRE_OK(log.Try(custody::Item{log.CollectedBy("k2b", 2, last.digest()), std::nullopt}, "k1"));
  CHECK_FAILS(log.Try(custody::Succeed{last}, "k1"), ErrorCode::kTampered, "was replaced in");
}

TEST_CASE("after an upgrade that is not known nothing is read, and what is before it holds", "[state]") {
  CustodyLog log;
  log.Add(CustodyLog::AnItem());
  log.Add(custody::Upgrade{2, ",\"anything\":{\"new\":[1,2]}"});
  CHECK(log.state().newer()->entry == tlog::Sequence{2});
  CHECK_FAILS(log.Try(CustodyLog::AnItem(), "k1"), ErrorCode::kUnsupported, "entry 2 asks for version 2");
  CHECK(Unwrap(custody::ReadNewerSequence(log.entries()[2].bytes())) == tlog::Sequence{2});
}

TEST_CASE("nothing follows closed", "[state]") {
  CustodyLog log;
  log.Add(custody::Closed{});
  CHECK_FAILS(log.Try(CustodyLog::AnItem(), "k1"), ErrorCode::kTampered, "closed this log");
}

TEST_CASE("a state that is resumed from the acts of the index judges like one that saw all", "[state]") {
  CustodyLog log;
  log.AdmitPersons(3);
  for (int i = 0; i < 3; ++i) log.Add(CustodyLog::AnItem());
  log.Add(custody::Hold{Items("3-4")});
  log.Add(CustodyLog::RuleOf({custody::Ruled::kCustodian, custody::Ruled::kShred}));
  log.Add(custody::Suspend{{2}}, "k1");
  const auto key_file = DigestNamed<custody::KeyFileDigest>("the earlier key is in it no more");
  log.Add(custody::Reseal{std::nullopt, key_file, std::nullopt, std::nullopt, std::nullopt}, "k3");
  log.Add(CustodyLog::AnItem());
  State resumed = Resumed(log);
  CHECK(resumed.facts().key_file == key_file);
  resumed.AskOf([&](tlog::Sequence at) { return log.FindLeaf(at); });
  CHECK(resumed.law() == log.state().law());
  CHECK(resumed.next_sequence() == log.state().next_sequence());
  for (const auto& body :
       {custody::EntryBody(custody::Shred{Items("3")}), custody::EntryBody(custody::Shred{Items("5")}),
        custody::EntryBody(CustodyLog::AnItem()), custody::EntryBody(CustodyLog::AdmitOf("k4", 4))}) {
    for (const std::string cosigner : {"", "k2", "k3"}) {
      const custody::Entry draft = log.Draft(body, "k3", cosigner == "k3" ? "" : cosigner);
      CHECK(resumed.MayFollow(draft).has_value() == log.state().MayFollow(draft).has_value());
    }
  }
}

TEST_CASE("of a log that lost an entry the state is what the others say", "[state]") {
  CustodyLog log;
  log.AdmitPersons(2);  // entry 1 admits k2
  log.Add(CustodyLog::AnItem());
  log.Add(custody::Hold{Items("2")}, "k2");
  log.Add(CustodyLog::AnItem());
  log.Add(custody::Release{{3}, Items("2")});
  log.Add(CustodyLog::AnItem());
  const auto without = [&](std::uint64_t lost) {
    std::vector<SignedEntry> acts;
    for (const SignedEntry& entry : log.entries()) {
      const std::uint64_t at = entry.parsed().sequence.value;
      if (at > 0 && at != lost && custody::ChangesState(entry.parsed().body)) acts.push_back(entry);
    }
    return acts;
  };
  const auto resume = [&](std::uint64_t lost) {
    const auto is_lost = [lost](tlog::Sequence at) -> Result<bool> { return at.value == lost; };
    return State::Resume(log.entries()[0], without(lost), log.entries().back(), {.lost = is_lost});
  };

  SECTION("a law entry: it is named, and an act of the key that it admitted is nobody's lie") {
    const State state = Unwrap(resume(1));
    CHECK(state.unread().Has(1));
    CHECK(state.law() == log.state().law());
    CHECK(state.next_sequence() == log.state().next_sequence());
    CHECK(state.facts().members->size() == 1);
    // What follows names the lost one as its law, as in the whole log.
    CHECK(log.Draft(CustodyLog::AnItem(), "k1").law == state.law());
  }
  SECTION("another: the release of a hold that is lost is passed over") {
    const State state = Unwrap(resume(3));
    CHECK(state.unread().empty());
    CHECK(state.facts().members->size() == 2);
  }
  SECTION("who says that nothing is lost is told that an entry was left out") {
    CHECK_FAILS(State::Resume(log.entries()[0], without(1), log.entries().back()), ErrorCode::kTampered,
                "an entry was left out");
    CHECK_FAILS(State::Resume(log.entries()[0], without(3), log.entries().back()), ErrorCode::kTampered, "is no hold");
  }
}

TEST_CASE("a copy of a state is its own", "[state]") {
  CustodyLog log;
  log.Add(CustodyLog::AnItem());
  State copy = log.state();
  log.Add(custody::Shred{Items("1")});
  CHECK(copy.facts().shredded->empty());
  CHECK_FALSE(log.state().facts().shredded->empty());
}
