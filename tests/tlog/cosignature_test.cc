// Goal: cosignatures are byte for byte those of tlog-cosignature, type 0x04. Method: the sigsum-go
// vector and the golden log, and each part of a line altered.
#include "vault/tlog/cosignature.h"

#include "tests/support/check.h"
#include "tests/tlog/golden_log.h"

namespace exhibit::tlog {
namespace {

using testing::Unwrap;

SignedNote Golden7() { return Unwrap(SignedNote::Parse(testing::Golden("checkpoint7"))); }

// The golden checkpoint with the log's line and these lines behind it.
SignedNote GoldenWith(const std::string& lines) {
  const SignedNote note = Golden7();
  const NoteSignature& log = note.signatures()[0];
  return Unwrap(
      SignedNote::Parse(std::string(note.text()) + "\n" + SignatureLine(log.name, log.id, log.bytes) + lines));
}

TEST_CASE("the sigsum-go cosignature is made again to the same bytes", "[cosignature]") {
  const SigningKey witness = testing::KeyOfSeed("example.org/witness", SignatureType::kCosignature,
                                                "1100000000000000000000000000000000000000000000000000000000000000");
  CHECK(ToHex(witness.verifier().public_key().view()) ==
        "66e0b858e462a609e66fe71370c816d8846ff103d5499a22a7fec37fdbc424a7");
  CHECK(ToHex(witness.verifier().id().view()) == "cacf2e50");
  const std::string text = "example.org/log\n10\nHA5HAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
  const std::string line =
      "\xE2\x80\x94 example.org/witness "
      "ys8uUAAAAAAAAATSftMzceM8zssdZ9jin9SjwIxzx9iADMf63VqirX2hafol9RsqNqbofIz0LVRqHXI2kpEBSki5RTXF"
      "txz1vo9+Cg="
      "=\n";
  CHECK(Unwrap(Cosign(text, {1234}, witness)) == line);
  const SignedNote note = Unwrap(SignedNote::Parse(text + "\n" + line));
  CHECK(Unwrap(CheckCosignature(note, witness.verifier())) == CosignatureTime{1234});
}

TEST_CASE("the sigsum key under its own log name has the published id", "[cosignature]") {
  const SigningKey log =
      testing::KeyOfSeed("sigsum.org/v1/tree/e796172b92befd62d9dc67e41c2f5bc9d3100a3023b20b1ca40288dd1c679e69",
                         SignatureType::kEd25519, "1100000000000000000000000000000000000000000000000000000000000000");
  CHECK(ToHex(log.verifier().id().view()) == "809da1a3");
}

TEST_CASE("the times of the golden cosignatures are theirs", "[cosignature]") {
  CHECK(Unwrap(CheckCosignature(Golden7(), testing::GoldenVerifier("witness1_vkey"))).seconds == 1'700'000'060);
  CHECK(Unwrap(CheckCosignature(Golden7(), testing::GoldenVerifier("witness2_vkey"))).seconds == 1'700'000'065);
}

TEST_CASE("of several cosignatures of one witness the latest counts", "[cosignature]") {
  const SigningKey witness = testing::GoldenWitness(1);
  const std::string text(Golden7().text());
  const SignedNote note = GoldenWith(Unwrap(Cosign(text, {200}, witness)) + Unwrap(Cosign(text, {300}, witness)) +
                                     Unwrap(Cosign(text, {100}, witness)));
  CHECK(Unwrap(CheckCosignature(note, witness.verifier())) == CosignatureTime{300});
}

TEST_CASE("a cosignature covers the time, the text and nothing less", "[cosignature]") {
  const SigningKey witness = testing::GoldenWitness(1);
  const SignedNote good = GoldenWith(Unwrap(Cosign(Golden7().text(), {100}, witness)));
  const NoteSignature line = good.signatures()[1];
  REQUIRE(line.bytes.size() == 72);
  for (std::size_t byte = 0; byte < line.bytes.size(); ++byte) {
    CAPTURE(byte);
    Bytes altered = line.bytes;
    altered[byte] ^= 1;
    const SignedNote note = GoldenWith(SignatureLine(line.name, line.id, altered));
    CHECK_FAILS(CheckCosignature(note, witness.verifier()), ErrorCode::kTampered,
                "cosignature of witness.example/w1: does not fit the checkpoint");
  }
  const std::string other = testing::Replaced(std::string(Golden7().text()), "\n7\n", "\n8\n");
  const SignedNote elsewhere = Unwrap(SignedNote::Parse(other + "\n" + SignatureLine(line.name, line.id, line.bytes)));
  CHECK_FAILS(CheckCosignature(elsewhere, witness.verifier()), ErrorCode::kTampered, "does not fit the checkpoint");
}

TEST_CASE("a plain signature is not a cosignature, nor the other way round", "[cosignature]") {
  const SigningKey witness = testing::GoldenWitness(1);
  const VerifierKey& key = witness.verifier();
  const crypto::Ed25519Signature plain = witness.Sign(ViewOf(Golden7().text()));
  const SignedNote short_line = GoldenWith(SignatureLine(key.name(), key.id(), plain.view()));
  CHECK_FAILS(CheckCosignature(short_line, key), ErrorCode::kTampered, "not of the form of a cosignature");
  const VerifierKey log = testing::GoldenVerifier("log_vkey");
  CHECK_FAILS(CheckCosignature(Golden7(), log), ErrorCode::kTampered, "not of the form of a cosignature");
}

TEST_CASE("a witness that did not cosign is named", "[cosignature]") {
  const SignedNote note = Unwrap(SignedNote::Parse(testing::Golden("checkpoint5")));
  CHECK_FAILS(CheckCosignature(note, testing::GoldenVerifier("witness2_vkey")), ErrorCode::kDenied,
              "not cosigned by witness.example/w2");
}

TEST_CASE("a time past 2^63-1 is neither written nor believed", "[cosignature]") {
  const SigningKey witness = testing::GoldenWitness(1);
  const std::uint64_t last = ~std::uint64_t{0} >> 1;
  const SignedNote good = GoldenWith(Unwrap(Cosign(Golden7().text(), {last}, witness)));
  CHECK(Unwrap(CheckCosignature(good, witness.verifier())).seconds == last);
  CHECK_FAILS(Cosign(Golden7().text(), {last + 1}, witness), ErrorCode::kInvalid, "past 2^63-1");

  // Signed as the format says, with a time that it forbids.
  const std::string message = "cosignature/v1\ntime " + std::to_string(last + 1) + "\n" + std::string(Golden7().text());
  Bytes blob(8);
  PutU64(blob, last + 1);
  Append(blob, witness.Sign(ViewOf(message)).view());
  const SignedNote late = GoldenWith(SignatureLine(witness.verifier().name(), witness.verifier().id(), blob));
  CHECK_FAILS(CheckCosignature(late, witness.verifier()), ErrorCode::kTampered, "does not fit the checkpoint");
}

TEST_CASE("only a cosigning key cosigns", "[cosignature]") {
  CHECK_FAILS(Cosign(Golden7().text(), {1}, testing::GoldenLogKey()), ErrorCode::kInvalid, "is not a cosigning key");
}

}  // namespace
}  // namespace exhibit::tlog
