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
  std::string text(2 * bytes.size(), '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text[2 * i] = kHexDigits[bytes[i] >> 4];
    text[2 * i + 1] = kHexDigits[bytes[i] & 15];
  }
  return text;
}

Result<Bytes> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return Fail(ErrorCode::kInvalid, "hex has an odd number of digits");
  Bytes bytes(text.size() / 2);
  std::uint8_t seen = 0;  // each digit's value is below 16
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint8_t high = ValueIn(kHexValues, text[2 * i]);
    const std::uint8_t low = ValueIn(kHexValues, text[2 * i + 1]);
    seen |= high | low;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  if (seen >= 16) return Fail(ErrorCode::kInvalid, "hex has a character that is not 0-9 or a-f");
  return bytes;
}

std::string ToBase64(ByteView bytes, Base64 form) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t group =
        static_cast<std::uint32_t>(bytes[i]) << 16 | static_cast<std::uint32_t>(bytes[i + 1]) << 8 | bytes[i + 2];
    const char digits[] = {kBase64Digits[group >> 18], kBase64Digits[group >> 12 & 63], kBase64Digits[group >> 6 & 63],
                           kBase64Digits[group & 63]};
    text.append(digits, sizeof digits);
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
  Bytes bytes(text.size() * 3 / 4);
  std::uint8_t seen = 0;  // each digit's value is below 64
  const auto digit = [&](std::size_t i) -> std::uint32_t {
    const std::uint8_t value = ValueIn(kBase64Values, text[i]);
    seen |= value;
    return value;
  };
  std::size_t i = 0;
  std::size_t out = 0;
  for (; i + 4 <= text.size(); i += 4) {
    const std::uint32_t group = digit(i) << 18 | digit(i + 1) << 12 | digit(i + 2) << 6 | digit(i + 3);
    bytes[out++] = static_cast<std::uint8_t>(group >> 16);
    bytes[out++] = static_cast<std::uint8_t>(group >> 8);
    bytes[out++] = static_cast<std::uint8_t>(group);
  }
  std::uint32_t unused = 0;  // bits of the last digit
  if (i < text.size()) {
    std::uint32_t group = digit(i) << 18 | digit(i + 1) << 12;
    if (i + 2 < text.size()) group |= digit(i + 2) << 6;
    for (; out < bytes.size(); ++out, group = group << 8 & 0xffffff)
      bytes[out] = static_cast<std::uint8_t>(group >> 16);
    unused = group;
  }
  if (seen >= 64) return Fail(ErrorCode::kInvalid, "base64 has a character outside its alphabet");
  if (unused != 0) return Fail(ErrorCode::kInvalid, "base64 is not canonical");
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
