#include "vault/base/encoding.h"

#include <charconv>

#include "vault/base/format.h"

namespace exhibit {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNotADigit = 0xff;

constexpr std::array<std::uint8_t, 256> ReverseTable(std::string_view digits) {
  std::array<std::uint8_t, 256> table{};
  table.fill(kNotADigit);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    table[static_cast<std::uint8_t>(digits[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr auto kHexValues = ReverseTable(kHexDigits);
constexpr auto kBase64Values = ReverseTable(kBase64Digits);

std::uint8_t ValueIn(const std::array<std::uint8_t, 256>& table, char digit) {
  return table[static_cast<std::uint8_t>(digit)];
}

}  // namespace

std::string ToHex(ByteView bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text.push_back(kHexDigits[byte >> 4]);
    text.push_back(kHexDigits[byte & 15]);
  }
  return text;
}

Result<Bytes> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return Fail(ErrorCode::kInvalid, "hex has an odd number of digits");
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::uint8_t high = ValueIn(kHexValues, text[i]);
    const std::uint8_t low = ValueIn(kHexValues, text[i + 1]);
    if (high == kNotADigit || low == kNotADigit) {
      return Fail(ErrorCode::kInvalid, "hex has a character that is not 0-9 or a-f");
    }
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return bytes;
}

std::string ToBase64(ByteView bytes, Base64 form) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t group =
        static_cast<std::uint32_t>(bytes[i]) << 16 | static_cast<std::uint32_t>(bytes[i + 1]) << 8 | bytes[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) text.push_back(kBase64Digits[group >> shift & 63]);
  }
  const std::size_t left = bytes.size() - i;
  if (left == 0) return text;
  std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16;
  if (left == 2) group |= static_cast<std::uint32_t>(bytes[i + 1]) << 8;
  text.push_back(kBase64Digits[group >> 18 & 63]);
  text.push_back(kBase64Digits[group >> 12 & 63]);
  if (left == 2) text.push_back(kBase64Digits[group >> 6 & 63]);
  if (form == Base64::kPadded) text.append(3 - left, '=');
  return text;
}

Result<Bytes> FromBase64(std::string_view text, Base64 form) {
  if (form == Base64::kPadded) {
    if (text.size() % 4 != 0) return Fail(ErrorCode::kInvalid, "base64 is not padded to four characters");
    for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) return Fail(ErrorCode::kInvalid, "base64 has an impossible length");
  Bytes bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char digit : text) {
    const std::uint8_t value = ValueIn(kBase64Values, digit);
    if (value == kNotADigit) {
      return Fail(ErrorCode::kInvalid, "base64 has a character outside its alphabet");
    }
    pending = pending << 6 | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::uint8_t>(pending >> bits));
      pending &= (1U << bits) - 1;
    }
  }
  if (pending != 0) return Fail(ErrorCode::kInvalid, "base64 is not canonical");
  return bytes;
}

Result<std::uint64_t> FromDecimal(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const bool canonical =
      !text.empty() && text.front() >= '0' && text.front() <= '9' && (text.size() == 1 || text.front() != '0');
  if (canonical) {
    const auto [stop, status] = std::from_chars(text.data(), end, value);
    if (status == std::errc() && stop == end) return value;
  }
  return Fail(ErrorCode::kInvalid, "not a decimal number without sign and leading zeros");
}

Failure NotHex(std::string_view name, std::size_t bytes) {
  return Fail(ErrorCode::kInvalid, Format("{} is not {} lower-case hex digits", name, 2 * bytes));
}

Failure NotBase64(std::string_view name, std::size_t bytes) {
  return Fail(ErrorCode::kInvalid, Format("{} is not the base64 of {} bytes", name, bytes));
}

}  // namespace exhibit
