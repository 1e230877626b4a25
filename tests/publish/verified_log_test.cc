// Goal: what a verifier keeps has one form. Method: there and back; each rule broken alone.
#include "vault/publish/verified_log.h"

#include "tests/tlog/golden_log.h"

namespace exhibit::testing {

TEST_CASE("what is kept of a verified log comes back to its bytes", "[verified_log]") {
  publish::VerifiedLog log;
  log.acts = {{1}, {7}, {300}};
  log.checkpoint = ToBytes(ViewOf(Golden("checkpoint7")));
  const std::string good(TextOf(publish::EncodeVerifiedLog(log)));
  const auto read = Unwrap(publish::DecodeVerifiedLog(ViewOf(good)));
  CHECK(read.acts == log.acts);
  CHECK(read.checkpoint == log.checkpoint);
  CHECK(TextOf(publish::EncodeVerifiedLog(read)) == good);
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"", "ends before"},
      {Replaced(good, "@v1", "@v2"), "does not begin"},
      {Replaced(good, "fingerprint 0", "fingerprint g"), "64 lower-case"},
      {Replaced(good, "fingerprint", "print"), "no fingerprint line"},
      {Replaced(good, "act 7", "act 07"), ""},
      {Replaced(good, "act 7", "act 1"), "not ascending"},
      {Replaced(good, "act 7", "act 301"), "not ascending"},
      {Replaced(good, "act 7", "fact 7"), "no act line"},
      {Replaced(good, "\n\n", "\n"), "no act line"},
      {good.substr(0, 100), ""},
      {good + "x", ""},
  };
  for (const auto& [text, words] : bad) {
    CAPTURE(text);
    CHECK_FAILS(publish::DecodeVerifiedLog(ViewOf(text)), ErrorCode::kInvalid, words);
  }
}

}  // namespace exhibit::testing
