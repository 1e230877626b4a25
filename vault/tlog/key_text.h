// Keys as text, of any type (note_key.h and ml_dsa_key.h draw both forms). Internal to tlog/.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/secret.h"
#include "vault/tlog/note_key.h"

namespace exhibit::tlog {

KeyId KeyIdOf(const KeyName& name, std::uint8_t type, ByteView public_key);
std::string VkeyText(const KeyName& name, const KeyId& id, std::uint8_t type, ByteView public_key);
crypto::SecretText SkeyText(const KeyName& name, const KeyId& id, std::uint8_t type, ByteView seed);

struct VkeyParts {
  KeyName name;
  std::uint8_t type;
  Bytes public_key;
};
// Whether the id belongs to the key is for the caller to see. kUnsupported for a type that is not one of `types`.
Result<VkeyParts> ParseVkeyText(std::string_view vkey, std::span<const std::uint8_t> types);

struct SkeyParts {
  KeyName name;
  std::string_view id;  // a part of the text, for the caller to compare
  std::string_view encoded;
  std::uint8_t type;
};
// Fills `seed`, which has 32 bytes. Errors never quote the text.
Result<SkeyParts> ParseSkeyText(std::string_view skey, std::span<const std::uint8_t> types, MutableByteView seed);

}  // namespace exhibit::tlog
