// Goal: the rules of the chain, each by itself. Method: a log of three entries that holds, and next
// to it an entry that breaks one rule; after each refusal the state is what it was.
#include "vault/custody/state.h"

#include "tests/custody/example_entries.h"
#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using custody::Act;
using custody::SignedEntry;
using custody::State;

SignedEntry ExampleOmission() { return ParseEntry(kOmissionText + kOmissionSignature); }

// A genesis by Alice with the text changed and signed again.
SignedEntry OtherGenesis(const std::string& from, const std::string& to) {
  return SignText(Replaced(kGenesisText, from, to), Alice());
}

// An item that follows `previous` at `sequence`, a second after the example's.
std::string ItemTextAfter(const SignedEntry& previous, std::uint64_t sequence) {
  std::string text = Replaced(kItemText, kGenesisLeaf, ToHex(previous.leaf().view()));
  text = Replaced(text, "\"seq\":1", "\"seq\":" + std::to_string(sequence));
  return Replaced(text, "00:44:13.000Z", "00:44:15.000Z");
}

struct StateFixture {
  SignedEntry genesis = ExampleGenesis();
  SignedEntry item = ExampleItem();
  State state = Unwrap(State::Begin(genesis));

  // Refused by this rule, with nothing moved: the entry that should stand there still may.
  void CheckRefused(const std::string& text, const std::string& rule) {
    CAPTURE(text);
    const SignedEntry entry = SignText(text, Alice());
    CHECK_FAILS(state.Accept(entry), ErrorCode::kTampered, rule);
    CHECK(state.next_sequence() == tlog::Sequence{1});
    CHECK(state.previous() == genesis.leaf());
    State copy = state;
    const auto accepted = copy.Accept(item);
    REQUIRE_OK(accepted);
    CHECK_FALSE(accepted->clock_stepped_back);
  }
};

}  // namespace

TEST_CASE_METHOD(StateFixture, "a log is followed entry by entry", "[state]") {
  CHECK(state.origin().text() == "vault.example/case-1");
  CHECK(state.genesis().log_key == ExampleLogKey().verifier());
  CHECK(ToHex(state.fingerprint().view()) == kGenesisLeaf);
  CHECK(state.next_sequence() == tlog::Sequence{1});
  CHECK(state.previous() == genesis.leaf());

  const auto first = Unwrap(state.Accept(item));
  CHECK(first.signers.of_entry() == std::vector{Alice().verifier()});
  CHECK_FALSE(first.clock_stepped_back);
  CHECK(state.next_sequence() == tlog::Sequence{2});
  CHECK(ToHex(state.previous().view()) == kItemLeaf);

  REQUIRE_OK(state.Accept(ExampleOmission()));
  CHECK(state.next_sequence() == tlog::Sequence{3});
  CHECK(ToHex(state.previous().view()) == kOmissionLeaf);
  CHECK(ToHex(state.fingerprint().view()) == kGenesisLeaf);
}

TEST_CASE("a log begins with a genesis at position 0, signed by the custodian it names", "[state]") {
  CHECK_FAILS(State::Begin(ExampleItem()), ErrorCode::kInvalid, "entry 0 is not a genesis entry");
  CHECK_FAILS(State::Begin(ExampleOmission()), ErrorCode::kInvalid, "entry 0 is not a genesis entry");
  CHECK_FAILS(State::Begin(OtherGenesis("\"seq\":0", "\"seq\":1")), ErrorCode::kInvalid,
              "the genesis entry is not entry 0");
  CHECK_FAILS(State::Begin(OtherGenesis(std::string(64, '0'), kItemLeaf)), ErrorCode::kInvalid,
              "the genesis entry is not entry 0");
  CHECK_FAILS(State::Begin(OtherGenesis("\"actor\":\"alice+5d6d6ad4\"", "\"actor\":\"alice+5d6d6ad5\"")),
              ErrorCode::kInvalid, "is not signed by the custodian it names");
  CHECK_FAILS(State::Begin(OtherGenesis("\"actor\":\"alice+5d6d6ad4\"", "\"actor\":\"mallory+5d6d6ad4\"")),
              ErrorCode::kInvalid, "is not signed by the custodian it names");
  CHECK_FAILS(State::Begin(OtherGenesis("\"origin\":\"vault.example/case-1\"", "\"origin\":\"vault.example/case-2\"")),
              ErrorCode::kInvalid, "the log key's name is not the origin");
}

TEST_CASE_METHOD(StateFixture, "an entry of another vault is refused", "[state]") {
  CheckRefused(Replaced(kItemText, "vault.example/case-1", "vault.example/case-2"),
               "entry 1: belongs to another vault: origin vault.example/case-2");
  CheckRefused(Replaced(kItemText, "vault.example/case-1", "Vault.example/case-1"),
               "entry 1: belongs to another vault");
}

TEST_CASE_METHOD(StateFixture, "an entry at another position is refused", "[state]") {
  CheckRefused(Replaced(kItemText, "\"seq\":1", "\"seq\":2"), "entry 1: says that it is entry 2");
  CheckRefused(Replaced(kItemText, "\"seq\":1", "\"seq\":0"), "entry 1: says that it is entry 0");
  CheckRefused(Replaced(kItemText, "\"seq\":1", "\"seq\":18446744073709551615"),
               "entry 1: says that it is entry 18446744073709551615");
  REQUIRE_OK(state.Accept(item));
  CHECK_FAILS(state.Accept(item), ErrorCode::kTampered, "entry 2: says that it is entry 1");
  CHECK(state.next_sequence() == tlog::Sequence{2});
}

TEST_CASE_METHOD(StateFixture, "an entry that does not follow the bytes before it is refused", "[state]") {
  CheckRefused(Replaced(kItemText, kGenesisLeaf, kItemLeaf), "entry 1: does not follow the entry before it: prev is " +
                                                                 kItemLeaf + ", and that entry's hash is " +
                                                                 kGenesisLeaf);
  CheckRefused(Replaced(kItemText, kGenesisLeaf, std::string(64, '0')), "does not follow the entry before");

  // The same statement under another signature is another predecessor.
  const auto namesake = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("alice")));
  State other = Unwrap(State::Begin(SignText(kGenesisText, namesake)));
  CHECK_FAILS(other.Accept(item), ErrorCode::kTampered, "does not follow the entry before it");
}

TEST_CASE_METHOD(StateFixture, "a second genesis is refused", "[state]") {
  const std::string second =
      Replaced(Replaced(kGenesisText, "\"seq\":0", "\"seq\":1"), std::string(64, '0'), kGenesisLeaf);
  CheckRefused(second, "entry 1: a second genesis");
}

TEST_CASE_METHOD(StateFixture, "an actor who was not admitted is refused", "[state]") {
  const auto by = [](const std::string& actor) { return Replaced(kItemText, "alice+5d6d6ad4", actor); };
  CheckRefused(by("mallory+12345678"), "entry 1: key mallory+12345678 is not admitted to this vault");
  CheckRefused(by("alice+5d6d6ad5"), "key alice+5d6d6ad5 is not admitted");
  CheckRefused(by("Alice+5d6d6ad4"), "key Alice+5d6d6ad4 is not admitted");
  CheckRefused(by("alice"), "key alice is not admitted");
  CheckRefused(by(""), "key  is not admitted");
  CheckRefused(by("alice+5d6d6ad4 "), "is not admitted");
  CheckRefused(by("\\u001b[2J"), "key \\x1b[2J is not admitted");
}

TEST_CASE("an actor whose role may not sign the type is refused", "[state]") {
  const SignedEntry genesis = OtherGenesis(R"(["custodian"])", R"(["witness"])");
  State state = Unwrap(State::Begin(genesis));
  CHECK_FAILS(state.Accept(SignText(ItemTextAfter(genesis, 1), Alice())), ErrorCode::kTampered,
              "entry 1: alice+5d6d6ad4 holds no role that may sign an entry of type item");
  const std::string omission =
      Replaced(Replaced(kOmissionText, kItemLeaf, ToHex(genesis.leaf().view())), "\"seq\":2", "\"seq\":1");
  CHECK_FAILS(state.Accept(SignText(omission, Alice())), ErrorCode::kTampered,
              "entry 1: alice+5d6d6ad4 holds no role that may sign an entry of type omission");
  CHECK(state.next_sequence() == tlog::Sequence{1});
  CHECK(state.previous() == genesis.leaf());

  const SignedEntry collects = OtherGenesis(R"(["custodian"])", R"(["collector"])");
  State allowed = Unwrap(State::Begin(collects));
  REQUIRE_OK(allowed.Accept(SignText(ItemTextAfter(collects, 1), Alice())));
}

TEST_CASE_METHOD(StateFixture, "of several broken rules the first is named", "[state]") {
  std::string text = Replaced(kItemText, "alice+5d6d6ad4", "mallory+12345678");
  CheckRefused(text, "is not admitted");
  text = Replaced(text, kGenesisLeaf, kItemLeaf);
  CheckRefused(text, "does not follow");
  text = Replaced(text, "\"seq\":1", "\"seq\":9");
  CheckRefused(text, "says that it is entry 9");
  text = Replaced(text, "vault.example/case-1", "other.example/case");
  CheckRefused(text, "belongs to another vault");
}

TEST_CASE_METHOD(StateFixture, "a signature is the caller's to check, by the key that is named", "[state]") {
  const auto mallory = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("mallory")));
  const SignedEntry forged = SignText(kItemText, mallory);
  const auto accepted = Unwrap(state.Accept(forged));
  CHECK(accepted.signers.of_entry() == std::vector{Alice().verifier()});
  CHECK_FAILS(custody::CheckSignatures(forged, accepted.signers), ErrorCode::kTampered, "alice+5d6d6ad4");
}

TEST_CASE_METHOD(StateFixture, "a clock that steps back is reported, and the entry accepted", "[state]") {
  const auto at = [&](const std::string& time) {
    const auto accepted = state.Accept(SignText(Replaced(kItemText, "2026-11-24T00:44:13.000Z", time), Alice()));
    return Unwrap(Result<State::Accepted>(accepted)).clock_stepped_back;
  };
  SECTION("a millisecond before the genesis") { CHECK(at("2026-11-24T00:44:12.122Z")); }
  SECTION("years before") { CHECK(at("1999-12-31T23:59:59.999Z")); }
  SECTION("the same millisecond") { CHECK_FALSE(at("2026-11-24T00:44:12.123Z")); }
  SECTION("years later") { CHECK_FALSE(at("2099-01-01T00:00:00.000Z")); }
  CHECK(state.next_sequence() == tlog::Sequence{2});
}

TEST_CASE_METHOD(StateFixture, "each entry's clock is compared with the one before it", "[state]") {
  REQUIRE_OK(state.Accept(item));
  const auto next = [&](const std::string& time) {
    const std::string text = Replaced(Replaced(Replaced(kItemText, kGenesisLeaf, ToHex(state.previous().view())),
                                               "\"seq\":1", "\"seq\":" + std::to_string(state.next_sequence().value)),
                                      "2026-11-24T00:44:13.000Z", time);
    return Unwrap(state.Accept(SignText(text, Alice()))).clock_stepped_back;
  };
  CHECK_FALSE(next("2030-01-01T00:00:00.000Z"));
  CHECK(next("2026-11-24T00:44:14.000Z"));
  CHECK_FALSE(next("2026-11-24T00:44:15.000Z"));  // behind the entry before, not behind the latest
}

TEST_CASE_METHOD(StateFixture, "after a refused entry the log goes on behind its bytes", "[state]") {
  const SignedEntry bad = SignText(Replaced(kItemText, "alice+5d6d6ad4", "mallory+12345678"), Alice());
  REQUIRE_FALSE(state.Accept(bad));
  const SignedEntry after = SignText(ItemTextAfter(bad, 2), Alice());
  CHECK_FAILS(state.Accept(after), ErrorCode::kTampered, "entry 1: says that it is entry 2");
  state.SkipTo({2}, bad.leaf());
  CHECK(state.next_sequence() == tlog::Sequence{2});
  CHECK(state.previous() == bad.leaf());
  CHECK_FAILS(state.Accept(SignText(ItemTextAfter(item, 2), Alice())), ErrorCode::kTampered,
              "does not follow the entry before it");
  REQUIRE_OK(state.Accept(after));
  CHECK(state.next_sequence() == tlog::Sequence{3});
  CHECK(state.previous() == after.leaf());
}

TEST_CASE_METHOD(StateFixture, "a writer resumes behind the last entry", "[state]") {
  State resumed = Unwrap(State::Resume(genesis, {}, item));
  CHECK(resumed.next_sequence() == tlog::Sequence{2});
  CHECK(resumed.previous() == item.leaf());
  CHECK(resumed.fingerprint() == state.fingerprint());
  CHECK(resumed.FindCustodian("alice+5d6d6ad4") != nullptr);
  CHECK_FAILS(resumed.Accept(item), ErrorCode::kTampered, "entry 2: says that it is entry 1");

  SECTION("and takes what follows") { CHECK_FALSE(Unwrap(resumed.Accept(ExampleOmission())).clock_stepped_back); }
  SECTION("and knows the last entry's clock") {
    const std::string early = Replaced(kOmissionText, "00:44:14.000Z", "00:44:12.999Z");
    CHECK(Unwrap(resumed.Accept(SignText(early, Alice()))).clock_stepped_back);
  }
  SECTION("where there is nothing but the genesis") {
    State fresh = Unwrap(State::Resume(genesis, {}, genesis));
    REQUIRE_OK(fresh.Accept(item));
  }
  SECTION("and not without a genesis") {
    CHECK_FAILS(State::Resume(item, {}, item), ErrorCode::kInvalid, "entry 0 is not a genesis entry");
  }
}

TEST_CASE_METHOD(StateFixture, "who may act is said before anything is signed", "[state]") {
  REQUIRE_OK(state.MayAct("alice+5d6d6ad4", Act::kItem));
  REQUIRE_OK(state.MayAct("alice+5d6d6ad4", Act::kOmission));
  CHECK_FAILS(state.MayAct("alice+5d6d6ad4", Act::kGenesis), ErrorCode::kDenied,
              "alice+5d6d6ad4 holds no role that may sign an entry of type genesis");
  const auto stranger = state.MayAct("bob+00000000", Act::kItem);
  CHECK_FAILS(stranger, ErrorCode::kDenied, "key bob+00000000 is not admitted to this vault");
  CHECK(stranger.error().hint.find("signing key that the vault knows") != std::string::npos);

  const State watched = Unwrap(State::Begin(OtherGenesis(R"(["custodian"])", R"(["witness"])")));
  CHECK_FAILS(watched.MayAct("alice+5d6d6ad4", Act::kItem), ErrorCode::kDenied,
              "holds no role that may sign an entry of type item");
}

TEST_CASE_METHOD(StateFixture, "a custodian is found by the name and id of the key", "[state]") {
  REQUIRE(state.FindCustodian("alice+5d6d6ad4") != nullptr);
  CHECK(state.FindCustodian("alice+5d6d6ad4")->name == "Alice Example");
  CHECK(state.FindCustodian("alice") == nullptr);
  CHECK(state.FindCustodian("") == nullptr);
  CHECK(state.FindCustodian("Alice Example") == nullptr);
}

}  // namespace exhibit::testing
