// Goal: what a program gives is taken in with how it ended, and a program that fails is never taken for one that did not.
// Method: short shell commands.
#include "vault/intake/producer.h"

#include <signal.h>

#include <array>

#include "tests/support/vault_fixture.h"
#include "vault/work/add.h"

namespace exhibit::intake {
namespace {

using testing::Unwrap;

class Producing : public testing::VaultFixture {
 protected:
  struct Outcome {
    std::vector<Added> added;
    std::vector<Refused> refused;
    std::vector<std::string> said;
  };
  Outcome Run(const std::string& command, bool may_be_empty = false) {
    return Run(Producer::Run{command}, may_be_empty);
  }
  Outcome Run(const Producer::Run& run, bool may_be_empty = false) {
    Outcome outcome;
    Adder adder(
        std::make_unique<work::VaultDestination>(Unwrap(OpenWriter())), pool(), {},
        [&](const Added& one) { outcome.added.push_back(one); },
        [&](const Refused& one) { outcome.refused.push_back(one); });
    Input input;
    input.facts.name = "made";
    input.can_retry = false;
    input.may_be_empty = may_be_empty;
    RunProducer(input, run, nullptr, [&](const std::string& line) { outcome.said.push_back(line); });
    REQUIRE_OK(adder.Add(std::move(input)));
    REQUIRE_OK(adder.Finish());
    return outcome;
  }
  custody::FieldValue ProducerOf(tlog::Sequence item) const {
    const auto fields = Fields(item);
    for (const custody::FieldPlace& place : fields.places()) {
      if (place.key.text() == "producer") return place.line->value();
    }
    return {};
  }
};

TEST_CASE_METHOD(Producing, "what a program gives is taken in, and how it ended", "[producer]") {
  const Outcome outcome = Run("echo one; echo two; echo 'all \xff fine' >&2");
  REQUIRE(outcome.added.size() == 1);
  CHECK(outcome.added[0].facts.state->whole);
  CHECK(Cat({1}) == "one\ntwo\n");
  CHECK(outcome.said == std::vector<std::string>{"all \xff fine"});
  const custody::FieldValue producer = ProducerOf({1});
  CHECK(*producer.Find("command")->Text() == "echo one; echo two; echo 'all \xef\xbf\xbd fine' >&2");
  CHECK(*producer.Find("exit")->Number() == 0);
  CHECK(*producer.Find("last_words")->Text() == "all \xef\xbf\xbd fine");
  CHECK(*producer.Find("took_ms")->Number() >= 0);
  CHECK(producer.Find("signal") == nullptr);
}

TEST_CASE_METHOD(Producing, "what a program gave that failed is kept, and marked", "[producer]") {
  const Outcome outcome = Run("echo half; echo 'disk on fire' >&2; exit 3");
  REQUIRE(outcome.added.size() == 1);
  CHECK_FALSE(outcome.added[0].facts.state->whole);
  CHECK(outcome.added[0].facts.partial == custody::PartialFacts{"producer-failed", 5, 3});
  CHECK(*ProducerOf({1}).Find("last_words")->Text() == "disk on fire");
}

TEST_CASE_METHOD(Producing, "a program that a signal ended has no exit status", "[producer]") {
  const Outcome outcome = Run("echo half; kill -9 $$");
  REQUIRE(outcome.added.size() == 1);
  CHECK(outcome.added[0].facts.partial == custody::PartialFacts{"producer-failed", 5});
  CHECK(*ProducerOf({1}).Find("signal")->Number() == 9);
}

TEST_CASE_METHOD(Producing, "a program that gave nothing is refused with its last words", "[producer]") {
  const Outcome failed = Run("echo 'no route to host' >&2; exit 255", true);
  CHECK(failed.added.empty());
  REQUIRE(failed.refused.size() == 1);
  CHECK(failed.refused[0].reason.message.find("exit status 255") != std::string::npos);
  CHECK(failed.refused[0].reason.message.find("no route to host") != std::string::npos);
  CHECK(Run("true").refused.size() == 1);
  CHECK(Run("true", true).added.size() == 1);
  CHECK(Run("/nonexistent/program").refused.size() == 1);
}

TEST_CASE_METHOD(Producing, "only the last words are kept, however many there are", "[producer]") {
  const Outcome outcome = Run("echo x; i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i+1)); done");
  REQUIRE(outcome.added.size() == 1);
  CHECK(outcome.said.size() == 3000);
  const std::string words = *ProducerOf({1}).Find("last_words")->Text();
  CHECK(words.size() <= Producer::kLastWords);
  CHECK(words.ends_with("line 2999"));
}

TEST_CASE_METHOD(Producing, "a program that leaves another one behind is not waited for", "[producer]") {
  const auto begun = std::chrono::steady_clock::now();
  const Outcome outcome = Run("echo x; sleep 30 >/dev/null & exit 0");
  CHECK(outcome.added.size() == 1);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
}

TEST_CASE_METHOD(Producing, "a program that takes longer than it may is ended, and what it gave is kept and marked",
                 "[producer]") {
  for (const char* const command : {"echo half; sleep 1000", "echo half; exec 2>&-; sleep 1000 & wait",
                                    "trap '' TERM; echo half; while :; do sleep 1; done"}) {
    CAPTURE(command);
    const Outcome outcome = Run(Producer::Run{command, std::chrono::seconds(1)});
    REQUIRE(outcome.added.size() == 1);
    CHECK(outcome.added[0].facts.partial->why == custody::kTimeLimit);
    CHECK(outcome.added[0].facts.partial->bytes == 5);
  }
}

TEST_CASE_METHOD(Producing, "a program that ends in time is not late, whoever it left behind", "[producer]") {
  const Outcome outcome = Run(Producer::Run{"echo whole; sleep 1000 & exit 0", std::chrono::seconds(1)});
  REQUIRE(outcome.added.size() == 1);
  CHECK_FALSE(outcome.added[0].facts.partial);
}

TEST_CASE("a program that hears no signal is ended all the same, once nobody wants it", "[producer]") {
  const auto begun = std::chrono::steady_clock::now();
  {
    const auto deaf = Unwrap(Producer::Start({"trap '' TERM; echo ready; while :; do sleep 1; done"}, nullptr));
    std::array<std::uint8_t, 6> ready{};
    const FileDescriptor output = deaf->TakeOutput();
    CHECK(Unwrap(ReadFull(output, ready, "ready")) == ready.size());  // it ignores the signal from here on
    deaf->End();
    CHECK(deaf->Wait().signal == SIGKILL);
  }
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(30));
}

TEST_CASE("a program that nobody waits for any more is ended", "[producer]") {
  auto producer = Unwrap(Producer::Start({"exec sleep 1000"}, nullptr));
  const auto begun = std::chrono::steady_clock::now();
  producer.reset();
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
}

}  // namespace
}  // namespace exhibit::intake
