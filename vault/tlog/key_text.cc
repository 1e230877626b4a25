#include "vault/tlog/key_text.h"

#include <algorithm>
#include <array>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/crypto/hash.h"

namespace exhibit::tlog {
namespace {

constexpr std::string_view kPrivatePrefix = "PRIVATE+KEY+";

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

Result<std::uint8_t> TypeOf(ByteView type_and_key, std::span<const std::uint8_t> types) {
  if (type_and_key.empty()) return Fail(ErrorCode::kInvalid, "holds no key");
  const std::uint8_t type = type_and_key.front();
  if (std::ranges::find(types, type) != types.end()) return type;
  return Fail(ErrorCode::kUnsupported, Format("signature type 0x{} is not supported", ToHex(type_and_key.first(1))));
}

void WipeText(std::string& text) { crypto::Wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}); }

}  // namespace

KeyId KeyIdOf(const KeyName& name, std::uint8_t type, ByteView public_key) {
  const std::array<std::uint8_t, 2> middle = {0x0A, type};
  const auto digest = crypto::Sha256({ViewOf(name.text()), middle, public_key});
  return *KeyId::From(digest.view().first(KeyId::kSize));
}

std::string VkeyText(const KeyName& name, const KeyId& id, std::uint8_t type, ByteView public_key) {
  Bytes bytes = {type};
  Append(bytes, public_key);
  return std::string(name.text()) + "+" + ToHex(id.view()) + "+" + ToBase64(bytes, Base64::kPadded);
}

crypto::SecretText SkeyText(const KeyName& name, const KeyId& id, std::uint8_t type, ByteView seed) {
  Bytes bytes;
  bytes.reserve(1 + seed.size());  // never reallocated, so that one wipe is enough
  bytes.push_back(type);
  Append(bytes, seed);
  std::string encoded = ToBase64(bytes, Base64::kPadded);
  std::string text;
  text.reserve(kPrivatePrefix.size() + name.text().size() + encoded.size() + 16);
  text.append(kPrivatePrefix).append(name.text()).append("+");
  text.append(ToHex(id.view())).append("+").append(encoded);
  crypto::SecretText secret(text);
  crypto::Wipe(bytes);
  WipeText(encoded);
  WipeText(text);
  return secret;
}

Result<VkeyParts> ParseVkeyText(std::string_view vkey, std::span<const std::uint8_t> types) {
  TRY(const Parts parts, Split(vkey));
  TRY(KeyName name, KeyName::Parse(parts.name));
  TRY(const Bytes bytes, FromBase64(parts.key, Base64::kPadded));
  TRY(const std::uint8_t type, TypeOf(bytes, types));
  return VkeyParts{std::move(name), type, Bytes(bytes.begin() + 1, bytes.end())};
}

Result<SkeyParts> ParseSkeyText(std::string_view skey, std::span<const std::uint8_t> types, MutableByteView seed) {
  if (!skey.starts_with(kPrivatePrefix)) return Fail(ErrorCode::kInvalid, "not a signing key");
  const auto parts = Split(skey.substr(kPrivatePrefix.size()));
  if (!parts) return Fail(ErrorCode::kInvalid, "signing key: " + parts.error().message);
  // Not the name's own error: it quotes the text, and in a torn key that may be the seed.
  auto name = KeyName::Parse(parts->name);
  if (!name) return Fail(ErrorCode::kInvalid, "signing key: the name is not a key name");
  auto bytes = FromBase64(parts->key, Base64::kPadded);
  if (!bytes) return Fail(ErrorCode::kInvalid, "signing key: " + bytes.error().message);
  const auto type = TypeOf(*bytes, types);
  const bool fits = bytes->size() == 1 + seed.size();
  if (fits) std::copy(bytes->begin() + 1, bytes->end(), seed.begin());
  crypto::Wipe(*bytes);
  if (!type) return Fail(type.error());
  if (!fits) return Fail(ErrorCode::kInvalid, "signing key: the seed is not 32 bytes");
  return SkeyParts{std::move(*name), parts->id, parts->key, *type};
}

}  // namespace exhibit::tlog
