#include "vault/tlog/note_key.h"

#include <array>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/given_secrets.h"
#include "vault/crypto/hash.h"

namespace exhibit::tlog {
namespace {

constexpr std::string_view kPrivatePrefix = "PRIVATE+KEY+";
constexpr std::size_t kMaxNameBytes = 255;

KeyId IdOf(const KeyName& name, SignatureType type, const crypto::Ed25519Public& public_key) {
  const std::array<std::uint8_t, 2> middle = {0x0A, static_cast<std::uint8_t>(type)};
  const auto digest = crypto::Sha256({ViewOf(name.text()), middle, public_key.view()});
  return *KeyId::From(digest.view().first(KeyId::kSize));
}

// The three parts of a key's text, the last still in base64 (which may hold a "+").
struct Parts {
  std::string_view name;
  std::string_view id;
  std::string_view key;
};

Result<Parts> Split(std::string_view text) {
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) {
    return Fail(ErrorCode::kInvalid, "does not have three parts");
  }
  return Parts{text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)};
}

Result<SignatureType> TypeOf(ByteView type_and_key) {
  if (type_and_key.empty()) return Fail(ErrorCode::kInvalid, "holds no key");
  const std::uint8_t type = type_and_key.front();
  if (type == static_cast<std::uint8_t>(SignatureType::kEd25519)) return SignatureType::kEd25519;
  if (type == static_cast<std::uint8_t>(SignatureType::kCosignature)) {
    return SignatureType::kCosignature;
  }
  return Fail(ErrorCode::kUnsupported, Format("signature type 0x{} is not supported", ToHex(type_and_key.first(1))));
}

Result<VerifierKey> ParseVkey(std::string_view vkey) {
  TRY(const Parts parts, Split(vkey));
  TRY(KeyName name, KeyName::Parse(parts.name));
  TRY(const Bytes bytes, FromBase64(parts.key, Base64::kPadded));
  TRY(const SignatureType type, TypeOf(bytes));
  const auto public_key = crypto::Ed25519Public::From(ByteView(bytes).subspan(1));
  if (!public_key) return Fail(ErrorCode::kInvalid, "the public key is not 32 bytes");
  // Every key that anybody names is read here. Such a key could be admitted and never sign.
  if (!crypto::IsValidKey(*public_key)) {
    return Fail(ErrorCode::kInvalid, "the public key is no point of the curve, or of small order");
  }
  VerifierKey key(std::move(name), type, *public_key);
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
  if (!IsUtf8(text) || HasControl(text) || HasUnicodeSpace(text) || text.find('+') != std::string_view::npos) {
    return Fail(ErrorCode::kInvalid,
                Format("key name \"{}\" has white space, a control character or a \"+\"", Printable(text)));
  }
  return KeyName(text);
}

VerifierKey::VerifierKey(KeyName name, SignatureType type, const crypto::Ed25519Public& public_key)
    : name_(std::move(name)), type_(type), public_key_(public_key), id_(IdOf(name_, type_, public_key_)) {}

Result<VerifierKey> VerifierKey::Parse(std::string_view vkey) {
  auto key = ParseVkey(vkey);
  if (!key) {
    return Fail(std::move(key).error().In(Format("vkey \"{}\"", Printable(vkey.substr(0, 160)))));
  }
  return key;
}

std::string VerifierKey::ToText() const {
  Bytes bytes = {static_cast<std::uint8_t>(type_)};
  Append(bytes, public_key_.view());
  return std::string(name_.text()) + "+" + ToHex(id_.view()) + "+" + ToBase64(bytes, Base64::kPadded);
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
  if (!skey.starts_with(kPrivatePrefix)) return Fail(ErrorCode::kInvalid, "not a signing key");
  const auto parts = Split(skey.substr(kPrivatePrefix.size()));
  if (!parts) return Fail(ErrorCode::kInvalid, "signing key: " + parts.error().message);
  // Not the name's own error: it quotes the text, and in a torn key that may be the seed.
  auto name = KeyName::Parse(parts->name);
  if (!name) return Fail(ErrorCode::kInvalid, "signing key: the name is not a key name");
  auto bytes = FromBase64(parts->key, Base64::kPadded);
  if (!bytes) return Fail(ErrorCode::kInvalid, "signing key: " + bytes.error().message);
  const auto type = TypeOf(*bytes);
  const bool fits = bytes->size() == 1 + crypto::Ed25519Seed::kSize;
  crypto::Ed25519Seed seed;
  if (fits) std::copy(bytes->begin() + 1, bytes->end(), seed.ExposeSecretForWriting().begin());
  crypto::Wipe(*bytes);
  if (!type) return Fail(type.error());
  if (!fits) return Fail(ErrorCode::kInvalid, "signing key: the seed is not 32 bytes");
  SigningKey key = FromSeed(std::move(*name), *type, std::move(seed));
  if (ToHex(key.verifier().id().view()) != parts->id) {
    return Fail(ErrorCode::kInvalid, "signing key: the key id does not belong to the key");
  }
  crypto::RememberGiven(parts->key);
  return key;
}

SigningKey SigningKey::Copy() const { return *Parse(ToSecretText().ExposeSecret()); }

crypto::SecretText SigningKey::ToSecretText() const {
  Bytes bytes = {static_cast<std::uint8_t>(verifier_.type())};
  bytes.reserve(1 + crypto::Ed25519Seed::kSize);  // never reallocated, so that one wipe is enough
  Append(bytes, key_.seed().ExposeSecret());
  std::string encoded = ToBase64(bytes, Base64::kPadded);
  std::string text;
  text.reserve(kPrivatePrefix.size() + verifier_.name().text().size() + encoded.size() + 16);
  text.append(kPrivatePrefix).append(verifier_.name().text()).append("+");
  text.append(ToHex(verifier_.id().view())).append("+").append(encoded);
  crypto::SecretText secret(text);
  crypto::Wipe(bytes);
  crypto::Wipe({reinterpret_cast<std::uint8_t*>(encoded.data()), encoded.size()});
  crypto::Wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return secret;
}

}  // namespace exhibit::tlog
