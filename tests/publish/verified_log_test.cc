// Goal: what a verifier keeps has one form. Method: there and back; each rule broken alone.
#include "vault/publish/verified_log.h"

#include "tests/tlog/golden_log.h"
#include "vault/tlog/merkle.h"

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

TEST_CASE("the checkpoint that is kept has the lines of all of the log's keys, and no others", "[verified_log]") {
  const auto origin = Unwrap(tlog::Origin::Parse("x7.example/q4d2"));
  const auto first = tlog::SigningKey::Generate(origin.as_key_name());
  Bytes public_key(1 + tlog::MlDsaKey::kPublicBytes, 7);
  public_key[0] = 6;
  const auto digest = crypto::Sha256({ViewOf("x7.example/q4d2\n"), public_key});
  const auto id = digest.view().first(4);
  const auto second =
      Unwrap(tlog::MlDsaKey::Parse("x7.example/q4d2+" + ToHex(id) + "+" + ToBase64(public_key, Base64::kPadded)));
  const Bytes alone = Unwrap(tlog::SignCheckpoint({origin, {0}, tlog::EmptyRoot()}, first));
  const std::string witness = tlog::SignatureLine(Unwrap(tlog::KeyName::Parse("w.example")), tlog::KeyId(), Bytes(72));
  const std::string line = tlog::SignatureLine(second.name(), second.id(), Bytes(tlog::MlDsaKey::kLineBytes));
  const std::string all = std::string(TextOf(alone)) + witness + line;
  CHECK(Unwrap(publish::WithLogSignaturesAlone(ViewOf(all), {first.verifier()})) == alone);
  CHECK(TextOf(Unwrap(publish::WithLogSignaturesAlone(ViewOf(all), {first.verifier(), second}))) ==
        std::string(TextOf(alone)) + line);
  CHECK_FAILS(publish::WithLogSignaturesAlone(alone, {first.verifier(), second}), ErrorCode::kInvalid,
              "a log key's signature is missing");
}

}  // namespace exhibit::testing
