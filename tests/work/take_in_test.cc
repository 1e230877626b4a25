// Goal: what a collector seals comes into the log once, checked to the last byte, and whoever carries it changes
// nothing unseen. Method: a collector's folder, a drop and a vault; the drop's files changed one by one, numbers
// and statements made by hand.
#include "vault/work/take_in.h"

#include "tests/support/vault_fixture.h"
#include "vault/intake/drop.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

Result<crypto::SecretText> NoPassphrase(std::string_view) { return Fail(ErrorCode::kDenied, "no passphrase in tests"); }

struct DropFixture : VaultFixture {
  DropFixture() {
    const auto reader = Unwrap(OpenReader());
    key_ = Unwrap(intake::MakeCollectorFolder(
        stick(), {reader->head().origin, reader->fingerprint(), Unwrap(reader->State()).recipient()},
        Unwrap(tlog::KeyName::Parse("fs01")), nullptr));
    Unwrap(Unwrap(OpenWriter())->CommitAct(custody::Admit{{"fs01", *key_, {custody::Role::kCollector}}}));
  }
  fs::path stick() const { return path() / "stick"; }
  fs::path drop() const { return path() / "drop"; }
  std::string Stem(std::uint64_t number) const {
    return (drop() / (ToHex(key_->id().view()) + "-" + std::to_string(number))).native();
  }

  void Collect(const std::vector<std::pair<std::string, std::string>>& items) {
    auto collector = Unwrap(intake::Collector::Open(stick(), NoPassphrase));
    intake::Adder adder(
        Unwrap(intake::DropDestination::Open(collector, drop())), pool(), {}, [](const intake::Added&) {},
        [](const intake::Refused& refused) { FAIL_CHECK("refused: " << refused.reason.message); });
    for (const auto& [name, text] : items) {
      WriteText(path() / "input" / name, text);
      REQUIRE_OK(adder.Add(InputOf(path() / "input" / name)));
    }
    Unwrap(adder.Finish());
  }

  struct Seen {
    work::TakeInOutcome outcome;
    std::vector<std::string> refused;
    std::vector<std::string> remarks;
  };
  Seen TakeIn() { return TakeIn(*Unwrap(OpenWriter())); }
  Seen TakeIn(VaultWriter& vault) {
    Seen seen;
    const work::TakeInRequest request{
        drop(), [](const work::TakenIn&) {},
        [&](const intake::Refused& refused) { seen.refused.push_back(refused.reason.message); },
        [&](const std::string& text) { seen.remarks.push_back(text); }};
    seen.outcome = Unwrap(work::TakeIn(vault, request));
    return seen;
  }

  std::optional<tlog::VerifierKey> key_;
};

}  // namespace

TEST_CASE_METHOD(DropFixture, "what was collected is taken in once, small and large", "[drop]") {
  std::string large;
  for (std::uint64_t i = 0; large.size() < (9U << 20); ++i)
    large += ToHex(crypto::Sha256(ViewOf(std::to_string(i))).view());
  // Hex compresses to a half; what is staged is above 8 MiB.
  large += large + large;
  Collect({{"a", "one"}, {"b", ""}, {"large", large}});
  const Seen first = TakeIn();
  CHECK(first.outcome.taken == 3);
  CHECK(first.refused.empty());
  CHECK(first.remarks.empty());
  CHECK(Cat({2}) == "one");
  CHECK(Cat({3}).empty());
  CHECK(Cat({4}) == large);
  const Seen second = TakeIn();
  CHECK(second.outcome.taken == 0);
  CHECK(second.outcome.already == 3);
  CHECK_FALSE(second.outcome.checkpoint);
  CHECK(Verify(verify::Depth::kContent).ok());
}

TEST_CASE_METHOD(DropFixture, "a number is taken for good before it is used", "[drop]") {
  Collect({{"a", "one"}});
  {
    auto collector = Unwrap(intake::Collector::Open(stick(), NoPassphrase));
    CHECK(Unwrap(collector.Take(3)) == 2);
    CHECK_FAILS(intake::Collector::Open(stick(), NoPassphrase), ErrorCode::kBusy, "is collecting with this folder");
  }
  Collect({{"b", "two"}});
  CHECK(fs::exists(Stem(5) + ".collected"));
  const Seen seen = TakeIn();
  CHECK(seen.outcome.taken == 2);
  REQUIRE(seen.remarks.size() == 1);
  CHECK(seen.remarks.front().starts_with("number 2 to 4 of fs01+"));
  const auto report = Verify(verify::Depth::kLog);
  REQUIRE(report.remarks.size() == 1);
  CHECK(report.remarks.front().find("3 of the numbers up to 5 are not in the log, first 2") != std::string::npos);
}

TEST_CASE_METHOD(DropFixture, "another item under a number that is in the log is refused, and so is a swapped file",
                 "[drop]") {
  Collect({{"a", "one"}});
  CHECK(TakeIn().outcome.taken == 1);
  fs::remove_all(drop());
  WriteText(stick() / "next", "1\n");  // a collector that lost its memory, or was copied
  Collect({{"b", "two"}, {"c", "three"}});
  const Seen again = TakeIn();
  CHECK(again.outcome.taken == 1);
  REQUIRE(again.refused.size() == 1);
  CHECK(again.refused.front().find("another item with this number of its collector is entry 2") != std::string::npos);

  Collect({{"d", "four"}, {"e", "five"}});
  fs::rename(Stem(3) + ".age", Stem(3) + ".t");
  fs::rename(Stem(4) + ".age", Stem(3) + ".age");
  fs::rename(Stem(3) + ".t", Stem(4) + ".age");
  CHECK(TakeIn().refused.size() == 3);  // with the one of before
  fs::rename(Stem(3) + ".collected", Stem(9) + ".collected");
  const Seen renamed = TakeIn();
  CHECK(std::ranges::any_of(renamed.refused, [](const std::string& text) {
    return text.find("its name does not say") != std::string::npos;
  }));
  CHECK(Verify(verify::Depth::kContent).ok());
}

TEST_CASE_METHOD(DropFixture, "every cut and every flip of a drop's files is found, and nothing of them enters the log",
                 "[drop]") {
  Collect({{"a", "some text that is long enough to be cut"}});
  const std::string sealed = ReadText(Stem(1) + ".age");
  const std::string statement = ReadText(Stem(1) + ".collected");
  const auto vault = Unwrap(OpenWriter());
  const auto is_refused = [&] {
    const Seen seen = TakeIn(*vault);
    return seen.outcome.taken == 0 && seen.refused.size() == 1;
  };
  for (std::size_t at = 0; at < sealed.size(); at += 41) {
    CAPTURE(at);
    WriteText(Stem(1) + ".age", sealed.substr(0, at));
    CHECK(is_refused());
    std::string flipped = sealed;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    WriteText(Stem(1) + ".age", flipped);
    CHECK(is_refused());
  }
  WriteText(Stem(1) + ".age", sealed);
  for (std::size_t at = 0; at < statement.size(); at += 53) {
    CAPTURE(at);
    WriteText(Stem(1) + ".collected", statement.substr(0, at));
    CHECK(is_refused());
    std::string flipped = statement;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    WriteText(Stem(1) + ".collected", flipped);
    CHECK(is_refused());
  }
  WriteText(Stem(1) + ".collected", statement);
  CHECK(TakeIn(*vault).outcome.taken == 1);
}

TEST_CASE_METHOD(DropFixture, "a take-in that is told to stop keeps what was checked, and goes on", "[drop]") {
  Collect({{"a", "one"}, {"b", "two"}});
  std::atomic<bool> stop{true};
  const work::TakeInRequest request{drop(), [](const work::TakenIn&) {}, [](const intake::Refused&) {},
                                    [](const std::string&) {}, &stop};
  CHECK_FAILS(work::TakeIn(*Unwrap(OpenWriter()), request), ErrorCode::kInterrupted, "interrupted");
  CHECK(TakeIn().outcome.taken == 2);
  CHECK_FAILS(work::TakeIn(*Unwrap(OpenWriter()), {path() / "missing", {}, {}, {}}), ErrorCode::kNotFound, "missing");
}

}  // namespace exhibit::testing
