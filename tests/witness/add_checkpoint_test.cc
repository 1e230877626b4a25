// Goal: requests and answers of witnesses are those of tlog-witness. Method: the golden log's request byte for
// byte; each rule of the form broken alone; answers of strangers.
#include "vault/witness/add_checkpoint.h"

#include "tests/tlog/golden_log.h"

namespace exhibit::testing {

TEST_CASE("the golden request comes back to its bytes", "[witness]") {
  const std::string golden = Golden("witness_add_checkpoint_body");
  const auto request = Unwrap(witness::DecodeAddCheckpoint(ViewOf(golden)));
  CHECK(request.old_size == tlog::TreeSize{5});
  CHECK(request.proof.size() == 4);
  CHECK(TextOf(witness::EncodeAddCheckpoint(request)) == golden);
  std::string many = "old 5\n";
  for (int i = 0; i < 64; ++i) many += ToBase64(tlog::EmptyRoot().view(), Base64::kPadded) + "\n";
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"", "ends before"},
      {Replaced(golden, "old 5", "old 05"), ""},
      {Replaced(golden, "old 5", "old -5"), ""},
      {Replaced(golden, "old 5", "new 5"), "begin with the old size"},
      {Replaced(golden, "lQX5", "lQX"), "hash 0"},
      {Replaced(golden, "old 5\n", "old 5\r\n"), ""},
      {Replaced(golden, "\n\nvault", "\nvault"), "hash 4"},
      {golden.substr(0, golden.size() - 1), ""},
      {many, "more than 63"},
      {std::string(70'000, 'a'), "longer than"},
  };
  for (const auto& [text, words] : bad) {
    CAPTURE(text.substr(0, 500));
    CHECK_FAILS(witness::DecodeAddCheckpoint(ViewOf(text)), ErrorCode::kInvalid, words);
  }
}

TEST_CASE("only lines of witnesses that were named are taken from an answer", "[witness]") {
  const auto request = Unwrap(witness::DecodeAddCheckpoint(ViewOf(Golden("witness_add_checkpoint_body"))));
  const auto w1 = GoldenWitness(1);
  const auto w2 = GoldenWitness(2);
  const tlog::SignedNote note = Unwrap(tlog::SignedNote::Parse(request.checkpoint));
  const std::string by_1 = Unwrap(tlog::Cosign(note.text(), {1700000060}, w1));
  const std::string by_2 = Unwrap(tlog::Cosign(note.text(), {1700000065}, w2));
  const std::vector<tlog::CosignerKey> only_1 = {w1.verifier()};
  const std::vector<tlog::CosignerKey> both = {w1.verifier(), w2.verifier()};
  const Bytes one = Unwrap(witness::WithCosignatures(request.checkpoint, by_1 + by_2, only_1));
  CHECK(Unwrap(tlog::SignedNote::Parse(one)).signatures().size() == 2);
  const Bytes two = Unwrap(witness::WithCosignatures(one, by_2, both));
  CHECK(TextOf(two) == Golden("checkpoint7"));
  // A newer one takes the place of the older.
  const Bytes newer = Unwrap(witness::WithCosignatures(two, Unwrap(tlog::Cosign(note.text(), {1800000000}, w1)), both));
  CHECK(Unwrap(tlog::SignedNote::Parse(newer)).signatures().size() == 3);
  CHECK(Unwrap(tlog::CheckCosignature(Unwrap(tlog::SignedNote::Parse(newer)), w1.verifier())).seconds == 1800000000);

  CHECK_FAILS(witness::WithCosignatures(request.checkpoint, by_2, only_1), ErrorCode::kDenied,
              "no cosignature of a witness");
  CHECK_FAILS(witness::WithCosignatures(request.checkpoint, "", only_1), ErrorCode::kInvalid, "answer");
  CHECK_FAILS(witness::WithCosignatures(request.checkpoint, "ok\n", only_1), ErrorCode::kInvalid, "answer");
  CHECK_FAILS(witness::WithCosignatures(request.checkpoint, by_1 + "\n", only_1), ErrorCode::kInvalid, "answer");
  const std::string other = Unwrap(tlog::Cosign("vault.example/x\n7\nAAAA\n", {1}, w1));
  CHECK_FAILS(witness::WithCosignatures(request.checkpoint, other, only_1), ErrorCode::kTampered, "");
  const std::string timeless = Unwrap(tlog::Cosign(note.text(), {0}, w1));
  CHECK_FAILS(witness::WithCosignatures(request.checkpoint, timeless, only_1), ErrorCode::kInvalid, "without a time");
  // A longer text, which the witness signed and which is not this checkpoint: its line would fit nothing.
  const std::string more = "more\n";
  const std::string over_more = Unwrap(tlog::Cosign(std::string(note.text()) + "\n" + more, {1}, w1));
  CHECK_FAILS(witness::WithCosignatures(request.checkpoint, more + "\n" + over_more, only_1), ErrorCode::kInvalid,
              "lines that are not signatures");
  CHECK_FAILS(witness::WithCosignatures(request.checkpoint, std::string(70'000, 'x'), only_1), ErrorCode::kInvalid,
              "longer");
}

}  // namespace exhibit::testing
