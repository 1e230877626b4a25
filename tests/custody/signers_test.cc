// Goal: who must have signed an entry has one answer, whoever asks and whenever. Method: a log with every act whose
// signers are not only its actor; for each entry the answer at its time is compared with the answer from the end of
// the log, and the signatures of every other entry are refused, without a step on what is not there.
#include "vault/custody/signers.h"

#include "tests/custody/custody_log.h"
#include "tests/support/catch.h"

namespace exhibit::testing {
namespace {

using custody::Role;
using custody::Signers;

struct ManySigners : CustodyLog {
  ManySigners() {
    Add(custody::Item{AnySealedFile()});
    Add(AdmitOf("bob", {Role::kCustodian}));
    Add(AdmitOf("collector", {Role::kCollector}));
    Add(CollectedBy("collector", 1));
    Add(Accepted("1", "alice", "bob"));
    Add(custody::Transfer{custody::Transfer::Outcome::kAbandoned, Statement("1", "bob", "alice", "again")});
    Add(custody::Rule{{custody::EntryType::kRelease}});
    Add(custody::Hold{Items("1"), "a court", "a suit"});
    Add(custody::Release{Items("1"), "a court", "over"}, "alice", "bob");
    Add(RotateTo("bob-2"), "bob", "bob-2");
    Add(custody::Item{AnySealedFile()}, "bob-2");
    Add(RetireOf("bob-2"), "alice");
    Add(custody::Item{AnySealedFile()});
  }
};

}  // namespace

TEST_CASE("who must sign is the same at an entry's time and at the end of the log", "[signers]") {
  ManySigners log;
  for (const custody::SignedEntry& entry : log.entries()) {
    CAPTURE(entry.parsed().sequence.value);
    const Signers signers = Unwrap(Signers::Of(log.state().facts(), entry.parsed()));
    CHECK(!signers.of_entry().empty());
    REQUIRE_OK(custody::CheckSignatures(entry, signers));
  }
  CHECK(Unwrap(Signers::Of(log.state().facts(), log.entries()[4].parsed())).of_statement() ==
        std::vector{log.Key("collector").verifier()});
  CHECK(Unwrap(Signers::Of(log.state().facts(), log.entries()[6].parsed())).of_statement() ==
        std::vector{log.Key("bob").verifier()});
}

TEST_CASE("the signers of one entry never do for another, and asking is no step into nothing", "[signers]") {
  ManySigners log;
  for (const custody::SignedEntry& entry : log.entries()) {
    const Signers own = Unwrap(Signers::Of(log.state().facts(), entry.parsed()));
    for (const custody::SignedEntry& other : log.entries()) {
      CAPTURE(entry.parsed().sequence.value, other.parsed().sequence.value);
      const Signers signers = Unwrap(Signers::Of(log.state().facts(), other.parsed()));
      const bool fits = own.of_statement() == signers.of_statement() || own.of_statement().empty();
      CHECK(custody::CheckStatement(entry.parsed().body, signers).has_value() == fits);
      CHECK(custody::CheckSignatures(entry, signers).has_value() == (fits && own.of_entry() == signers.of_entry()));
    }
  }
}

TEST_CASE("a key signs from behind its admission to the entry that ends it", "[signers]") {
  ManySigners log;
  const auto at = [&](std::uint64_t position, const std::string& actor) {
    custody::Entry entry = log.entries()[1].parsed();
    entry.sequence = {position};
    entry.actor = log.Actor(actor);
    return Signers::Of(log.state().facts(), entry).has_value();
  };
  // bob came in entry 2, gave way to bob-2 in entry 10, who was retired in entry 12.
  for (std::uint64_t position = 1; position < 14; ++position) {
    CAPTURE(position);
    CHECK(at(position, "alice"));
    CHECK(at(position, "bob") == (position > 2 && position <= 10));
    CHECK(at(position, "bob-2") == (position > 10 && position <= 12));
    CHECK_FALSE(at(position, "stranger"));
  }
}

TEST_CASE("a new key of the log is signed by the one before it, also when there are later ones", "[signers]") {
  CustodyLog log;
  const std::string name(log.state().genesis().log_key.name().text());
  std::vector<tlog::SigningKey> keys;
  for (const char seed : {'1', '2'}) {
    keys.push_back(KeyOfSeed(name, tlog::SignatureType::kEd25519, std::string(64, seed)));
  }
  const custody::Entry first = log.Make(custody::RotateLog{keys[0].verifier()}, "alice").parsed();
  CHECK(Unwrap(Signers::Of(log.state().facts(), first)).of_entry() ==
        std::vector{log.Key("alice").verifier(), log.state().genesis().log_key, keys[0].verifier()});
  custody::Facts facts = log.state().facts();
  custody::Apply(facts, first);
  custody::Entry second = first;
  second.sequence = {2};
  second.body = custody::RotateLog{keys[1].verifier()};
  custody::Apply(facts, second);
  CHECK(Unwrap(Signers::Of(facts, first)).of_entry()[1] == log.state().genesis().log_key);
  CHECK(Unwrap(Signers::Of(facts, second)).of_entry()[1] == keys[0].verifier());
}

}  // namespace exhibit::testing
