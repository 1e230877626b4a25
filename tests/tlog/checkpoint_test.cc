// Goal: a checkpoint is exactly three lines, signed by the log's key. Method: the golden log, and
// each line broken alone.
#include "vault/tlog/checkpoint.h"

#include "tests/support/check.h"
#include "tests/tlog/golden_log.h"

namespace exhibit::tlog {
namespace {

using testing::Unwrap;

const std::string kRoot = "hnNz0t1AcoTILfDK2/Sdh9qQZMW12DpHQT23CTUxxTE=";
const std::string kText = "vault.example/case-2026-0001\n7\n" + kRoot + "\n";

TEST_CASE("a checkpoint is read and written to the same text", "[checkpoint]") {
  const Checkpoint checkpoint = Unwrap(DecodeCheckpoint(kText));
  CHECK(checkpoint.origin.text() == "vault.example/case-2026-0001");
  CHECK(checkpoint.size == TreeSize{7});
  CHECK(ToHex(checkpoint.root.view()) == "867373d2dd407284c82df0cadbf49d87da9064c5b5d83a47413db7093531c531");
  CHECK(EncodeCheckpoint(checkpoint) == kText);
}

TEST_CASE("the largest size is 2^64-1", "[checkpoint]") {
  const std::string largest = testing::Replaced(kText, "\n7\n", "\n18446744073709551615\n");
  CHECK(EncodeCheckpoint(Unwrap(DecodeCheckpoint(largest))) == largest);
  CHECK_FAILS(DecodeCheckpoint(testing::Replaced(kText, "\n7\n", "\n18446744073709551616\n")), ErrorCode::kInvalid,
              "checkpoint: size: not a decimal number");
}

TEST_CASE("an empty log has the empty root and no other", "[checkpoint]") {
  const std::string empty = "a.example/b\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  CHECK(EncodeCheckpoint(Unwrap(DecodeCheckpoint(empty))) == empty);
  CHECK_FAILS(DecodeCheckpoint("a.example/b\n0\n" + kRoot + "\n"), ErrorCode::kInvalid,
              "size 0 with a root that is not the empty tree's");
}

TEST_CASE("a malformed checkpoint names the line", "[checkpoint]") {
  struct Row {
    std::string text;
    std::string words;
  };
  const std::vector<Row> rows = {
      {"", "has fewer than three lines"},
      {"vault.example/case-2026-0001\n7\n", "has fewer than three lines"},
      {kText.substr(0, kText.size() - 1), "has fewer than three lines"},
      {kText + "extension\n", "has more than three lines"},
      {kText + "\n", "has more than three lines"},
      {"\n7\n" + kRoot + "\n", "checkpoint: origin: a key name has 1 to 255 bytes"},
      {"vault example\n7\n" + kRoot + "\n", "checkpoint: origin: key name \"vault example\""},
      {"vault+example\n7\n" + kRoot + "\n", "checkpoint: origin"},
      {testing::Replaced(kText, "\n7\n", "\n07\n"), "checkpoint: size: not a decimal number"},
      {testing::Replaced(kText, "\n7\n", "\n+7\n"), "checkpoint: size"},
      {testing::Replaced(kText, "\n7\n", "\n-7\n"), "checkpoint: size"},
      {testing::Replaced(kText, "\n7\n", "\n7 \n"), "checkpoint: size"},
      {testing::Replaced(kText, "\n7\n", "\n\n"), "checkpoint: size"},
      {testing::Replaced(kText, "\n7\n", "\nseven\n"), "checkpoint: size"},
      {testing::Replaced(kText, kRoot, "YmFuYW5hcw=="), "root is not the base64 of 32 bytes"},
      {testing::Replaced(kText, "xTE=", "xTE"), "checkpoint: root is not the base64"},
      {testing::Replaced(kText, "xTE=", "xTF="), "checkpoint: root is not the base64"},
      {testing::Replaced(kText, kRoot, ""), "checkpoint: root is not the base64"}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK_FAILS(DecodeCheckpoint(row.text), ErrorCode::kInvalid, row.words);
  }
}

TEST_CASE("a signed checkpoint opens with the log's key and no other", "[checkpoint]") {
  const std::string note = testing::Golden("checkpoint7");
  const VerifierKey log = testing::GoldenVerifier("log_vkey");
  CHECK(Unwrap(OpenCheckpoint(ViewOf(note), log)).size == TreeSize{7});
  const SigningKey other = SigningKey::Generate(log.name());
  CHECK_FAILS(OpenCheckpoint(ViewOf(note), other.verifier()), ErrorCode::kDenied, "not signed by a known key");
  CHECK_FAILS(OpenCheckpoint(ViewOf(testing::Replaced(note, "\n7\n", "\n8\n")), log), ErrorCode::kTampered,
              "the signature of vault.example/case-2026-0001 does not fit");
  CHECK_FAILS(OpenCheckpoint(ViewOf(kText), log), ErrorCode::kInvalid, "no empty line before signatures");
}

TEST_CASE("a log that signs an extension line is not believed", "[checkpoint]") {
  const SigningKey log = testing::GoldenLogKey();
  const Bytes note = Unwrap(SignNote(kText + "extension\n", log));
  CHECK_FAILS(OpenCheckpoint(note, log.verifier()), ErrorCode::kInvalid, "has more than three lines");
}

TEST_CASE("a cosigning key does not sign checkpoints", "[checkpoint]") {
  const Checkpoint checkpoint = Unwrap(DecodeCheckpoint(kText));
  CHECK_FAILS(SignCheckpoint(checkpoint, testing::GoldenWitness(1)), ErrorCode::kInvalid, "for cosignatures only");
}

TEST_CASE("an origin is refused with a hint", "[checkpoint]") {
  REQUIRE_OK(Origin::Parse("stmary.example/ir-2025-014"));
  const auto refused = Origin::Parse("https://a b");
  CHECK_FAILS(refused, ErrorCode::kInvalid, "origin: key name \"https://a b\"");
  CHECK(refused.error().hint.find("a URL without its scheme") != std::string::npos);
}

}  // namespace
TEST_CASE("an origin begins with a letter or a digit, and has at most 200 characters", "[checkpoint]") {
  REQUIRE_OK(Origin::Parse("x7.example/q4d2"));
  REQUIRE_OK(Origin::Parse(std::string(200, 'a')));
  for (const std::string& origin :
       {std::string(201, 'a'), std::string("/x"), std::string(".x"), std::string("\xC3\xA9")}) {
    CHECK_FAILS(Origin::Parse(origin), ErrorCode::kInvalid, "origin");
  }
}

}  // namespace exhibit::tlog
