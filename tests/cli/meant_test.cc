// Goal: who mistypes a word is told the one that was meant, and nobody is told nonsense.
#include "cli/meant.h"

#include "tests/support/check.h"

namespace exhibit::cli {
namespace {

const std::vector<std::string> kWords = {"list", "lift", "log", "verify", "verify-log", "custodian"};

TEST_CASE("a letter that is missing, doubled, wrong or exchanged is forgiven", "[cli]") {
  CHECK(Meant("lst", kWords) == "list");
  CHECK(Meant("lsit", kWords) == "list");
  CHECK(Meant("veriffy", kWords) == "verify");
  CHECK(Meant("custodain", kWords) == "custodian");
  CHECK(DidYouMean(Meant("verfy-log", kWords)) == "; did you mean verify-log?");
}

TEST_CASE("what is like nothing is not guessed", "[cli]") {
  for (const std::string_view word : {"xyz", "frobnicate", "", "a"}) {
    CAPTURE(word);
    CHECK_FALSE(Meant(word, kWords));
  }
  CHECK_FALSE(Meant(std::string(10'000, 'l'), kWords));
  CHECK(DidYouMean(std::nullopt).empty());
}

}  // namespace
}  // namespace exhibit::cli
