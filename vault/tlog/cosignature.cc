#include "vault/tlog/cosignature.h"

#include <optional>

#include "vault/base/format.h"

namespace exhibit::tlog {
namespace {

constexpr std::uint64_t kMaxTime = ~std::uint64_t{0} >> 1;

std::string SignedText(std::string_view checkpoint_text, CosignatureTime time) {
  return Format("cosignature/v1\ntime {}\n{}", time.seconds, checkpoint_text);
}

}  // namespace

Result<std::string> Cosign(std::string_view checkpoint_text, CosignatureTime time, const SigningKey& witness) {
  const VerifierKey& verifier = witness.verifier();
  if (verifier.type() != SignatureType::kCosignature) {
    return Fail(ErrorCode::kInvalid, Format("key {} is not a cosigning key", verifier.name().text()));
  }
  if (time.seconds > kMaxTime) {
    return Fail(ErrorCode::kInvalid, "a cosignature's time is past 2^63-1");
  }
  const std::string message = SignedText(checkpoint_text, time);
  const crypto::Ed25519Signature signature = witness.Sign(ViewOf(message));
  Bytes blob(8);
  PutU64(blob, time.seconds);
  Append(blob, signature.view());
  return SignatureLine(verifier.name(), verifier.id(), blob);
}

Result<CosignatureTime> CheckCosignature(const SignedNote& checkpoint, const VerifierKey& witness) {
  std::optional<CosignatureTime> latest;
  for (const NoteSignature& line : checkpoint.signatures()) {
    if (line.name != witness.name() || line.id != witness.id()) continue;
    const std::string who = "cosignature of " + std::string(witness.name().text());
    const ByteView blob = line.bytes;
    if (witness.type() != SignatureType::kCosignature || blob.size() != 8 + crypto::Ed25519Signature::kSize) {
      return Fail(ErrorCode::kTampered, who + ": not of the form of a cosignature");
    }
    const CosignatureTime time{GetU64(blob.first(8))};
    const auto signature = crypto::Ed25519Signature::From(blob.subspan(8));
    const std::string message = SignedText(checkpoint.text(), time);
    if (time.seconds > kMaxTime || !crypto::Ed25519Verify(witness.public_key(), ViewOf(message), *signature)) {
      return Fail(ErrorCode::kTampered, who + ": does not fit the checkpoint");
    }
    if (!latest || *latest < time) latest = time;
  }
  if (!latest) {
    return Fail(ErrorCode::kDenied, "not cosigned by " + std::string(witness.name().text()));
  }
  return *latest;
}

}  // namespace exhibit::tlog
