#include "vault/tlog/cosignature.h"

#include <optional>

#include "vault/base/format.h"

namespace exhibit::tlog {
namespace {

constexpr std::uint64_t kMaxTime = ~std::uint64_t{0} >> 1;

std::string SignedText(std::string_view checkpoint_text, CosignatureTime time) {
  return Format("cosignature/v1\ntime {}\n{}", time.seconds, checkpoint_text);
}

Result<CosignatureTime> CheckLine(std::string_view text, const VerifierKey& witness, ByteView blob) {
  if (witness.type() != SignatureType::kCosignature || blob.size() != 8 + crypto::Ed25519Signature::kSize) {
    return Fail(ErrorCode::kTampered, "not of the form of a cosignature");
  }
  const CosignatureTime time{GetU64(blob.first(8))};
  const auto signature = crypto::Ed25519Signature::From(blob.subspan(8));
  if (crypto::Ed25519Verify(witness.public_key(), ViewOf(SignedText(text, time)), *signature)) return time;
  return Fail(ErrorCode::kTampered, "does not fit the checkpoint");
}

Result<CosignatureTime> CheckLine(std::string_view text, const MlDsaKey& witness, ByteView blob) {
  TRY(const std::uint64_t seconds, witness.Check(text, blob));
  return CosignatureTime{seconds};
}

Result<void> CheckTime(CosignatureTime time) {
  if (time.seconds <= kMaxTime) return {};
  return Fail(ErrorCode::kInvalid, "a cosignature's time is past 2^63-1");
}

}  // namespace

Result<std::string> Cosign(std::string_view checkpoint_text, CosignatureTime time, const SigningKey& witness) {
  const VerifierKey& verifier = witness.verifier();
  if (verifier.type() != SignatureType::kCosignature) {
    return Fail(ErrorCode::kInvalid, Format("key {} is not a cosigning key", verifier.name().text()));
  }
  TRY_VOID(CheckTime(time));
  const std::string message = SignedText(checkpoint_text, time);
  const crypto::Ed25519Signature signature = witness.Sign(ViewOf(message));
  Bytes blob(8);
  PutU64(blob, time.seconds);
  Append(blob, signature.view());
  return SignatureLine(verifier.name(), verifier.id(), blob);
}

Result<std::string> Cosign(std::string_view checkpoint_text, CosignatureTime time, const CosigningKey& witness) {
  if (const auto* const classical = std::get_if<SigningKey>(&witness.either())) {
    return Cosign(checkpoint_text, time, *classical);
  }
  TRY_VOID(CheckTime(time));
  return std::get<MlDsaSigningKey>(witness.either()).Sign(checkpoint_text, time.seconds);
}

Result<CosignatureTime> CheckCosignature(const SignedNote& checkpoint, const CosignerKey& witness) {
  std::optional<CosignatureTime> latest;
  for (const NoteSignature& line : checkpoint.signatures()) {
    if (line.name != witness.name() || line.id != witness.id()) continue;
    auto time =
        std::visit([&](const auto& key) { return CheckLine(checkpoint.text(), key, line.bytes); }, witness.either());
    if (time && time->seconds > kMaxTime) time = Fail(ErrorCode::kTampered, "does not fit the checkpoint");
    if (!time) return Fail(std::move(time).error().In("cosignature of " + std::string(witness.name().text())));
    if (!latest || *latest < *time) latest = *time;
  }
  if (!latest) {
    return Fail(ErrorCode::kDenied, "not cosigned by " + std::string(witness.name().text()));
  }
  return *latest;
}

}  // namespace exhibit::tlog
