#include "vault/tlog/ml_dsa_key.h"

#include <algorithm>
#include <array>

#include "vault/base/encoding.h"
#include "vault/base/text.h"
#include "vault/crypto/given_secrets.h"
#include "vault/crypto/random.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/key_text.h"
#include "vault/tlog/note.h"
#include "vault/tlog/take_line.h"

namespace exhibit::tlog {
namespace {

constexpr std::uint8_t kType = 0x06;
constexpr std::array<std::uint8_t, 1> kTypes = {kType};
constexpr std::string_view kLabel("subtree/v1\n\0", 12);
constexpr std::size_t kMostName = 255;

void PutName(Bytes& message, std::string_view name) {
  message.push_back(static_cast<std::uint8_t>(name.size()));
  Append(message, ViewOf(name));
}

void PutNumber(Bytes& message, std::uint64_t number) {
  std::array<std::uint8_t, 8> bytes{};
  PutU64(bytes, number);
  Append(message, bytes);
}

// Of any log, as a witness sees them: an origin may be what a vault's may not.
Result<Bytes> SignedMessage(const KeyName& signer, std::uint64_t time, std::string_view checkpoint_text) {
  constexpr std::string_view kWhat = "the end of a checkpoint";
  std::string_view rest = checkpoint_text;
  TRY(const std::string_view origin, TakeLine(rest, kWhat));
  TRY(const std::string_view size_text, TakeLine(rest, kWhat));
  TRY(const std::string_view root_text, TakeLine(rest, kWhat));
  TRY(const std::uint64_t size, FromDecimal(size_text));
  TRY(const RootHash root, FixedFromBase64<RootHash>(root_text, "checkpoint: root"));
  if (origin.empty() || origin.size() > kMostName) {
    return Fail(ErrorCode::kInvalid, "the origin of a checkpoint that ML-DSA-44 signs has 1 to 255 bytes");
  }
  if (!rest.empty()) {
    return Fail(ErrorCode::kInvalid, "the checkpoint has extension lines, which an ML-DSA-44 signature does not cover");
  }
  Bytes message = ToBytes(ViewOf(kLabel));
  PutName(message, signer.text());
  PutNumber(message, time);
  PutName(message, origin);
  PutNumber(message, 0);
  PutNumber(message, size);
  Append(message, root.view());
  return message;
}

}  // namespace

MlDsaKey::MlDsaKey(KeyName name, const crypto::MlDsaPublic& public_key)
    : name_(std::move(name)), public_key_(public_key), id_(KeyIdOf(name_, kType, public_key_.view())) {}

Result<MlDsaKey> MlDsaKey::Parse(std::string_view vkey) {
  auto parse = [&]() -> Result<MlDsaKey> {
    TRY(VkeyParts parts, ParseVkeyText(vkey, kTypes));
    const auto public_key = crypto::MlDsaPublic::From(parts.public_key);
    if (!public_key) return Fail(ErrorCode::kInvalid, "the public key is not 1,312 bytes");
    MlDsaKey key(std::move(parts.name), *public_key);
    if (key.ToText() != vkey) return Fail(ErrorCode::kInvalid, "the key id does not belong to the key");
    return key;
  };
  auto key = parse();
  if (!key) return Fail(std::move(key).error().In("vkey"));
  return key;
}

std::string MlDsaKey::ToText() const { return VkeyText(name_, id_, kType, public_key_.view()); }

Result<std::uint64_t> MlDsaKey::Check(std::string_view checkpoint_text, ByteView line) const {
  const auto signature = line.size() == kLineBytes ? crypto::MlDsaSignature::From(line.subspan(8)) : std::nullopt;
  if (!signature) return Fail(ErrorCode::kTampered, "not of the form of an ML-DSA-44 signature");
  const std::uint64_t time = GetU64(line.first(8));
  const auto message = SignedMessage(name_, time, checkpoint_text);
  if (!message) return Fail(ErrorCode::kTampered, message.error().message);
  TRY(const bool fits, crypto::MlDsaVerify(public_key_, *message, *signature));
  if (!fits) return Fail(ErrorCode::kTampered, "does not fit the checkpoint");
  return time;
}

Result<MlDsaSigningKey> MlDsaSigningKey::Generate(KeyName name) {
  return FromSeed(std::move(name), crypto::RandomSecret<crypto::MlDsaSeedTag, crypto::MlDsaSeed::kSize>());
}

Result<MlDsaSigningKey> MlDsaSigningKey::FromSeed(KeyName name, crypto::MlDsaSeed seed) {
  TRY(const crypto::MlDsaPublic half, crypto::MlDsaPublicHalf(seed));
  return MlDsaSigningKey(std::move(seed), MlDsaKey(std::move(name), half));
}

Result<MlDsaSigningKey> MlDsaSigningKey::Parse(std::string_view skey) {
  crypto::MlDsaSeed seed;
  TRY(SkeyParts parts, ParseSkeyText(skey, kTypes, seed.ExposeSecretForWriting()));
  TRY(MlDsaSigningKey key, FromSeed(std::move(parts.name), std::move(seed)));
  if (ToHex(key.verifier().id().view()) != parts.id) {
    return Fail(ErrorCode::kInvalid, "signing key: the key id does not belong to the key");
  }
  crypto::RememberGiven(parts.encoded);
  return key;
}

crypto::SecretText MlDsaSigningKey::ToSecretText() const {
  return SkeyText(verifier_.name(), verifier_.id(), kType, seed_.ExposeSecret());
}

Result<std::string> MlDsaSigningKey::Sign(std::string_view checkpoint_text, std::uint64_t time) const {
  TRY(const Bytes message, SignedMessage(verifier_.name(), time, checkpoint_text));
  TRY(const crypto::MlDsaSignature signature, crypto::MlDsaSign(seed_, message));
  Bytes line(8);
  PutU64(line, time);
  Append(line, signature.view());
  return SignatureLine(verifier_.name(), verifier_.id(), line);
}

}  // namespace exhibit::tlog
