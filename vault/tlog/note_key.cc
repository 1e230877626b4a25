#include "vault/tlog/note_key.h"

#include <algorithm>
#include <array>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/given_secrets.h"
#include "vault/tlog/key_text.h"

namespace exhibit::tlog {
namespace {

constexpr std::size_t kMaxNameBytes = 255;
constexpr std::array<std::uint8_t, 2> kTypes = {static_cast<std::uint8_t>(SignatureType::kEd25519),
                                                static_cast<std::uint8_t>(SignatureType::kCosignature)};

Result<VerifierKey> ParseVkey(std::string_view vkey) {
  TRY(VkeyParts parts, ParseVkeyText(vkey, kTypes));
  const auto public_key = crypto::Ed25519Public::From(parts.public_key);
  if (!public_key) return Fail(ErrorCode::kInvalid, "the public key is not 32 bytes");
  // Every key that anybody names is read here. Such a key could be admitted and never sign.
  if (!crypto::IsValidKey(*public_key)) {
    return Fail(ErrorCode::kInvalid, "the public key is no point of the curve, or of small order");
  }
  VerifierKey key(std::move(parts.name), static_cast<SignatureType>(parts.type), *public_key);
  if (key.ToText() != vkey) {
    return Fail(ErrorCode::kInvalid, "the key id does not belong to the key");
  }
  return key;
}

}  // namespace

Result<KeyName> KeyName::Parse(std::string_view text) {
  if (text.empty() || text.size() > kMaxNameBytes) {
    return Fail(ErrorCode::kInvalid, "a key name has 1 to 255 bytes");
  }
  if (!std::ranges::all_of(text, [](char c) { return c >= '!' && c <= '~' && c != '+'; })) {
    return Fail(ErrorCode::kInvalid,
                Format("key name \"{}\" has a character that is no letter, digit or sign of ASCII, or a \"+\"",
                       Printable(text)));
  }
  return KeyName(text);
}

VerifierKey::VerifierKey(KeyName name, SignatureType type, const crypto::Ed25519Public& public_key)
    : name_(std::move(name)),
      type_(type),
      public_key_(public_key),
      id_(KeyIdOf(name_, static_cast<std::uint8_t>(type_), public_key_.view())) {}

Result<VerifierKey> VerifierKey::Parse(std::string_view vkey) {
  auto key = ParseVkey(vkey);
  // What is no verifier key may be a secret one, which nothing shows.
  if (!key) return Fail(std::move(key).error().In("vkey"));
  return key;
}

std::string VerifierKey::ToText() const {
  return VkeyText(name_, id_, static_cast<std::uint8_t>(type_), public_key_.view());
}

SigningKey::SigningKey(crypto::Ed25519Key key, VerifierKey verifier)
    : key_(std::move(key)), verifier_(std::move(verifier)) {}

SigningKey SigningKey::Generate(KeyName name, SignatureType type) {
  crypto::Ed25519Key key = crypto::Ed25519Key::Generate();
  VerifierKey verifier(std::move(name), type, key.public_key());
  return {std::move(key), std::move(verifier)};
}

SigningKey SigningKey::FromSeed(KeyName name, SignatureType type, crypto::Ed25519Seed seed) {
  crypto::Ed25519Key key = crypto::Ed25519Key::FromSeed(std::move(seed));
  VerifierKey verifier(std::move(name), type, key.public_key());
  return {std::move(key), std::move(verifier)};
}

Result<SigningKey> SigningKey::Parse(std::string_view skey) {
  crypto::Ed25519Seed seed;
  TRY(SkeyParts parts, ParseSkeyText(skey, kTypes, seed.ExposeSecretForWriting()));
  SigningKey key = FromSeed(std::move(parts.name), static_cast<SignatureType>(parts.type), std::move(seed));
  if (ToHex(key.verifier().id().view()) != parts.id) {
    return Fail(ErrorCode::kInvalid, "signing key: the key id does not belong to the key");
  }
  crypto::RememberGiven(parts.encoded);
  return key;
}

SigningKey SigningKey::CopyAs(KeyName name) const {
  crypto::Ed25519Seed seed;
  const auto own = key_.seed().ExposeSecret();
  std::copy(own.begin(), own.end(), seed.ExposeSecretForWriting().begin());
  return FromSeed(std::move(name), verifier_.type(), std::move(seed));
}

crypto::SecretText SigningKey::ToSecretText() const {
  return SkeyText(verifier_.name(), verifier_.id(), static_cast<std::uint8_t>(verifier_.type()),
                  key_.seed().ExposeSecret());
}

}  // namespace exhibit::tlog
