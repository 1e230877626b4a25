// Goal: every copy of a checkpoint gives the same bytes to stamp, whoever cosigned it, and nothing that
// stands on it beside the log's signature gets in. Method: the golden log's checkpoint with lines of
// witnesses and strangers before and behind.
#include "vault/tlog/stamped_checkpoint.h"

#include "tests/support/check.h"
#include "tests/tlog/golden_log.h"
#include "vault/crypto/hash.h"

namespace exhibit::tlog {
namespace {

using testing::Golden;
using testing::GoldenLogKey;
using testing::Unwrap;

constexpr std::string_view kOrigin = "vault.example/case-2026-0001";

Bytes SignedGolden() {
  const SignedNote note = Unwrap(SignedNote::Parse(Golden("checkpoint7")));
  return Unwrap(SignNote(note.text(), GoldenLogKey()));
}

SigningKey OtherKeyOfTheLog() { return testing::KeyOfSeed(kOrigin, SignatureType::kEd25519, std::string(64, '7')); }

std::string StampedText(ByteView note) { return ToText(Unwrap(FindStamped(note)).bytes); }

TEST_CASE("what is stamped is the checkpoint with the log's signature alone", "[stamped]") {
  const Bytes alone = SignedGolden();
  CHECK(StampedText(alone) == TextOf(alone));
  const StampedCheckpoint stamped = Unwrap(FindStamped(alone));
  CHECK(stamped.checkpoint.origin.text() == kOrigin);
  CHECK(stamped.checkpoint.size == TreeSize{7});
}

TEST_CASE("the golden checkpoint, cosigned twice, has the golden digest", "[stamped]") {
  const std::string cosigned = Golden("checkpoint7");
  const StampedCheckpoint stamped = Unwrap(FindStamped(ViewOf(cosigned), GoldenLogKey().verifier()));
  CHECK(cosigned.starts_with(TextOf(stamped.bytes)));
  CHECK(cosigned.size() > stamped.bytes.size());
  CHECK(ToHex(crypto::Sha256(stamped.bytes).view()) ==
        "c4ca20c0224395df73b7e70090281a8980fd0958ce0af47e50317a428df82dd4");
}

TEST_CASE("cosignatures and strangers change nothing, wherever they stand", "[stamped]") {
  const std::string alone = ToText(SignedGolden());
  const std::size_t lines = alone.find("\n\n") + 2;
  const std::string stranger = SignatureLine(Unwrap(KeyName::Parse("stranger.example")), KeyId(), Bytes(64, 1));
  const std::string witness = SignatureLine(Unwrap(KeyName::Parse("witness.example/w1")), KeyId(), Bytes(72, 2));
  const std::string cosigner_of_its_name = SignatureLine(Unwrap(KeyName::Parse(kOrigin)), KeyId(), Bytes(72, 3));
  for (const std::string& more : {stranger, witness, cosigner_of_its_name, stranger + witness}) {
    const std::string behind = alone + more;
    const std::string before = alone.substr(0, lines) + more + alone.substr(lines);
    CHECK(StampedText(ViewOf(behind)) == alone);
    CHECK(StampedText(ViewOf(before)) == alone);
    CHECK(ToText(Unwrap(FindStamped(ViewOf(before), GoldenLogKey().verifier())).bytes) == alone);
  }
  CHECK(StampedText(ViewOf(alone + alone.substr(lines))) == alone);
}

TEST_CASE("of two signatures in the log's name the key says which", "[stamped]") {
  const Bytes alone = SignedGolden();
  const Bytes both = Unwrap(AddSignature(Unwrap(SignedNote::Parse(alone)), OtherKeyOfTheLog()));
  CHECK_FAILS(FindStamped(both), ErrorCode::kInvalid, "two signatures in the log's name");
  CHECK(Equal(Unwrap(FindStamped(both, GoldenLogKey().verifier())).bytes, alone));
  CHECK(!Equal(Unwrap(FindStamped(both, OtherKeyOfTheLog().verifier())).bytes, alone));
}

TEST_CASE("what the log did not sign has nothing to stamp", "[stamped]") {
  const Bytes alone = SignedGolden();
  const std::string text = ToText(alone);
  const std::string renamed = testing::Replaced(text, "\xE2\x80\x94 vault.example", "\xE2\x80\x94 other.example");
  CHECK_FAILS(FindStamped(ViewOf(renamed)), ErrorCode::kInvalid, "has no signature in the log's name");
  CHECK_FAILS(FindStamped(alone, OtherKeyOfTheLog().verifier()), ErrorCode::kDenied, "not signed by a known key");
  CHECK_FAILS(FindStamped(ViewOf(testing::Replaced(text, "\n7\n", "\n8\n")), GoldenLogKey().verifier()),
              ErrorCode::kTampered, "does not fit the text");
  CHECK_FAILS(FindStamped(ViewOf(testing::Replaced(text, "\n7\n", "\n07\n"))), ErrorCode::kInvalid, "checkpoint: size");
  CHECK_FAILS(FindStamped(ViewOf("text")), ErrorCode::kInvalid, "note: ");
}

}  // namespace
}  // namespace exhibit::tlog
