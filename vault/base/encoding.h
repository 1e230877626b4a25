// Hex and base64, both strict: one text for each value, so that what was parsed can be written again
// to the same bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit {

// Lower-case hex.
std::string ToHex(ByteView bytes);

// Fails with kInvalid on an odd length or anything but 0-9 and a-f: upper case is refused, because
// our formats write lower case only.
Result<Bytes> FromHex(std::string_view text);

// RFC 4648 section 4. `kPadded` is what signed notes use, `kUnpadded` what age uses.
enum class Base64 : std::uint8_t { kPadded, kUnpadded };

std::string ToBase64(ByteView bytes, Base64 form);

// Fails with kInvalid on characters outside the alphabet (white space too), wrong or missing padding
// for `form`, and bits set after the last byte (section 3.5: not canonical).
Result<Bytes> FromBase64(std::string_view text, Base64 form);

// A decimal number as our formats write it: digits only, no sign, no leading zero unless it is "0",
// at most 2^64-1. Fails with kInvalid.
Result<std::uint64_t> FromDecimal(std::string_view text);

// That a text is not so many bytes in this form; `name` is that of the text.
Failure NotHex(std::string_view name, std::size_t bytes);
Failure NotBase64(std::string_view name, std::size_t bytes);

// `FromHex` / `FromBase64` into a value of fixed size; `name` is used in the message.
template <typename Value>
Result<Value> FixedFromHex(std::string_view text, std::string_view name) {
  auto bytes = FromHex(text);
  auto value = bytes ? Value::From(*bytes) : std::nullopt;
  if (value) return *value;
  return NotHex(name, Value::kSize);
}
template <typename Value>
Result<Value> FixedFromBase64(std::string_view text, std::string_view name) {
  auto bytes = FromBase64(text, Base64::kPadded);
  auto value = bytes ? Value::From(*bytes) : std::nullopt;
  if (value) return *value;
  return NotBase64(name, Value::kSize);
}

}  // namespace exhibit
