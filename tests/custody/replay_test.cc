// Goal: a log of custody replayed, or resumed from its acts alone, is the state that was kept while it
// was written, and nothing can be slipped into it. Method: a long random log made by proposing acts and
// keeping those that the rules allow; then the same entries moved, repeated, forged and carried over.
#include <random>

#include "tests/custody/custody_log.h"
#include "vault/custody/act_index.h"

namespace exhibit::testing {
namespace {

using custody::Role;

class RandomLog : public CustodyLog {
 public:
  explicit RandomLog(std::uint32_t seed) : random_(seed) { names_.push_back("alice"); }

  void Propose() {
    const std::string actor = names_[Below(names_.size())];
    const std::string other = names_[Below(names_.size())];
    const std::string cosigner = Below(2) == 0 ? std::string() : other;
    const auto set = [&] {
      std::vector<tlog::Sequence> items;
      for (std::uint64_t n = 1 + Below(3); n > 0; --n) items.push_back({1 + Below(entries().size())});
      return Unwrap(custody::ItemSet::Of(items));
    };
    const std::string fresh = "k" + std::to_string(names_.size());
    switch (Below(18)) {
      case 0:
        if (Try(AdmitOf(fresh, {Below(3) == 0 ? Role::kCollector : Role::kCustodian}), actor, cosigner)) {
          names_.push_back(fresh);
        }
        return;
      case 1:
        if (Below(8) == 0) IgnoreBecause("a proposal", Try(RetireOf(other), actor));
        return;
      case 2:
        if (Below(4) == 0 && Try(RotateTo(fresh), actor, fresh)) names_.push_back(fresh);
        return;
      case 3:
        if (Below(20) > 0) return;
        return Offer(
            custody::Rule{Below(2) == 0 ? std::vector<custody::EntryType>() : std::vector{custody::EntryType::kShred}},
            actor, cosigner);
      case 4: return Offer(custody::Hold{set(), "order", "reason"}, actor);
      case 5: return Offer(custody::Release{set(), "order", "reason"}, actor, cosigner);
      case 6: return Offer(custody::Shred{{1 + Below(entries().size())}, "order", "reason"}, actor, cosigner);
      case 7: return Offer(custody::Access{custody::Access::Way::kRead, set(), "triage", {}}, actor);
      case 8: return Offer(custody::Note{set(), AnySealedFile()}, actor);
      case 9: {
        const std::string purpose = "purpose " + std::to_string(entries().size());
        return Offer(
            custody::Transfer{custody::Transfer::Outcome::kAbandoned, Statement(set().ToText(), actor, other, purpose)},
            actor);
      }
      case 10: return Offer(custody::Omission{1, AnySealedFile()}, actor);
      case 11: return Offer(ReadersOf({fresh, other}), actor, cosigner);
      case 12: return Offer(ResealOf(set().ToText(), "key " + std::to_string(entries().size() / 500)), actor, cosigner);
      case 13: return Offer(CollectedBy(other, 1 + Below(entries().size())), actor);
      case 14: return Below(4) == 0 ? Offer(custody::CaseRecord{AnySealedFile()}, actor) : Propose();
      default: return Offer(custody::Item{AnySealedFile()}, actor);
    }
  }

 private:
  std::uint64_t Below(std::uint64_t bound) { return random_() % bound; }
  void Offer(custody::EntryBody body, const std::string& actor, const std::string& cosigner = {}) {
    IgnoreBecause("a proposal", Try(std::move(body), actor, cosigner));
  }

  std::mt19937 random_;
  std::vector<std::string> names_;
};

}  // namespace

TEST_CASE("a random log, replayed and resumed, gives the state that was kept", "[replay]") {
  constexpr std::size_t kEntries = 10'000;
  RandomLog log(14);
  while (log.entries().size() < kEntries) log.Propose();
  const auto ask = [&](tlog::Sequence at) { return log.FindItem(at); };

  std::map<custody::EntryType, int> seen;
  custody::State replayed = Unwrap(custody::State::Begin(log.entries()[0], ask));
  std::vector<custody::SignedEntry> acts;
  for (const custody::SignedEntry& entry : log.entries()) {
    ++seen[custody::TypeOf(entry.parsed().body)];
    const auto rows = custody::ActRowsOf(entry.parsed().sequence, entry.parsed().body);
    if (!rows.empty() && rows.front().subject == custody::kStateSubject) acts.push_back(entry);
    if (entry.parsed().sequence.value == 0) continue;
    const auto accepted = Unwrap(replayed.Accept(entry));
    REQUIRE_OK(custody::CheckSignatures(entry, accepted.signers));
  }
  CHECK(seen.size() == 14);  // every type was there
  CHECK(replayed.facts() == log.state().facts());
  CHECK_FALSE(replayed.facts().custodians.empty());
  CHECK_FALSE(replayed.facts().holds.empty());
  CHECK_FALSE(replayed.facts().shredded.empty());
  CHECK_FALSE(replayed.facts().statements.empty());
  CHECK_FALSE(replayed.facts().cases.empty());
  CHECK(replayed.facts().vault_keys.size() > 5);
  CHECK(replayed.facts().readers.size() > 5);

  CHECK(acts.size() < log.entries().size() / 2);
  custody::State resumed = Unwrap(custody::State::Resume(log.entries()[0], acts, log.entries().back(), ask));
  CHECK(resumed.facts() == log.state().facts());
  CHECK(resumed.next_sequence() == log.state().next_sequence());
  CHECK(resumed.previous() == log.state().previous());

  SECTION("acts that are out of order, repeated or forged are refused") {
    std::vector<custody::SignedEntry> wrong = acts;
    std::swap(wrong[0], wrong[1]);
    CHECK_FAILS(custody::State::Resume(log.entries()[0], wrong, log.entries().back(), ask), ErrorCode::kTampered,
                "entry");
    wrong = acts;
    wrong.push_back(wrong.back());
    CHECK_FAILS(custody::State::Resume(log.entries()[0], wrong, log.entries().back(), ask), ErrorCode::kTampered,
                "is out of order among the acts");
    const std::string text(TextOf(acts[0].bytes()));
    wrong = acts;
    wrong[0] = SignText(text.substr(0, text.find("\n\n") + 1), log.Key("mallory"));
    CHECK_FAILS(custody::State::Resume(log.entries()[0], wrong, log.entries().back(), ask), ErrorCode::kTampered,
                "entry " + std::to_string(acts[0].parsed().sequence.value) + ": signature by");
  }
}

TEST_CASE("forged, reordered, replayed and foreign entries are refused", "[replay]") {
  CustodyLog log;
  log.Add(log.AdmitOf("bob", {Role::kCustodian}));
  log.Add(custody::Item{AnySealedFile()});
  const auto admit = log.Make(log.AdmitOf("carol", {Role::kCustodian}), "alice");
  const std::string text = custody::EncodeEntryText(admit.parsed());

  SECTION("forged: signed by another in the actor's name") {
    CHECK_FAILS(log.Try(SignText(text, log.Key("mallory"))), ErrorCode::kTampered, "signature by alice+5d6d6ad4");
  }
  SECTION("forged: signed by a cosigner alone") {
    const std::string two =
        Replaced(text, "alice+5d6d6ad4\",", "alice+5d6d6ad4\",\"cosigner\":\"" + log.Actor("bob") + "\",");
    CHECK_FAILS(log.Try(SignText(two, log.Key("bob"))), ErrorCode::kTampered, "carries 1 signatures instead of 2");
  }
  SECTION("replayed") {
    log.Add(admit.parsed().body);
    CHECK_FAILS(log.Try(log.entries()[3]), ErrorCode::kTampered, "entry 4: says that it is entry 3");
    CHECK_FAILS(log.Try(log.entries()[1]), ErrorCode::kTampered, "entry 4: says that it is entry 1");
  }
  SECTION("reordered") {
    CustodyLog other;
    other.Add(custody::Item{AnySealedFile()});
    const auto later = other.Make(other.AdmitOf("bob", {Role::kCustodian}), "alice");
    CHECK_FAILS(log.Try(later), ErrorCode::kTampered, "says that it is entry 2");
  }
  SECTION("of another vault") {
    CHECK_FAILS(log.Try(SignText(Replaced(text, "vault.example/case-1", "vault.example/case-2"), log.Key("alice"))),
                ErrorCode::kTampered, "entry 3: belongs to another vault");
  }
  SECTION("of a twin of this vault, with the same origin and keys") {
    CustodyLog twin(Replaced(kGenesisText, "00:44:12.123Z", "00:44:12.124Z"));
    twin.Add(twin.AdmitOf("bob", {Role::kCustodian}));
    twin.Add(custody::Item{AnySealedFile()});
    CHECK_FAILS(log.Try(twin.Make(twin.AdmitOf("carol", {Role::kCustodian}), "alice")), ErrorCode::kTampered,
                "does not follow the entry before it");
  }
}

}  // namespace exhibit::testing
