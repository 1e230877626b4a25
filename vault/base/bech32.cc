#include "vault/base/bech32.h"

namespace exhibit {
namespace {

constexpr std::string_view kDigits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::size_t kChecksumDigits = 6;
constexpr std::size_t kMaxBytes = 64 * 1024;

using Digits = std::vector<std::uint8_t>;  // five bits each

std::uint32_t Polymod(const Digits& values) {
  constexpr std::array<std::uint32_t, 5> kGenerator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  std::uint32_t checksum = 1;
  for (const std::uint8_t value : values) {
    const std::uint32_t top = checksum >> 25;
    checksum = (checksum & 0x1ffffff) << 5 ^ value;
    for (std::size_t i = 0; i < kGenerator.size(); ++i) {
      if ((top >> i & 1) != 0) checksum ^= kGenerator[i];
    }
  }
  return checksum;
}

Digits ExpandPrefix(std::string_view prefix) {
  Digits values;
  for (const char c : prefix) values.push_back(static_cast<std::uint8_t>(c >> 5));
  values.push_back(0);
  for (const char c : prefix) values.push_back(static_cast<std::uint8_t>(c & 31));
  return values;
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

Result<Bytes> EightBitGroups(ByteView digits) {
  Bytes data;
  std::uint32_t pending = 0;
  int bits = 0;
  for (const std::uint8_t digit : digits) {
    pending = pending << 5 | digit;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    data.push_back(static_cast<std::uint8_t>(pending >> bits));
    pending &= (1U << bits) - 1;
  }
  if (bits >= 5 || pending != 0) return Fail(ErrorCode::kInvalid, "bits are left over");
  return data;
}

}  // namespace

std::string EncodeBech32(std::string_view prefix, ByteView data) {
  Digits digits;
  std::uint32_t pending = 0;
  int bits = 0;
  for (const std::uint8_t byte : data) {
    pending = pending << 8 | byte;
    for (bits += 8; bits >= 5;) {
      bits -= 5;
      digits.push_back(static_cast<std::uint8_t>(pending >> bits & 31));
    }
    pending &= (1U << bits) - 1;
  }
  if (bits > 0) digits.push_back(static_cast<std::uint8_t>(pending << (5 - bits) & 31));
  Digits checked = ExpandPrefix(prefix);
  checked.insert(checked.end(), digits.begin(), digits.end());
  checked.insert(checked.end(), kChecksumDigits, 0);
  const std::uint32_t checksum = Polymod(checked) ^ 1;
  for (std::size_t i = 0; i < kChecksumDigits; ++i) {
    digits.push_back(static_cast<std::uint8_t>(checksum >> (25 - 5 * i) & 31));
  }
  std::string text(prefix);
  text.push_back('1');
  for (const std::uint8_t digit : digits) text.push_back(kDigits[digit]);
  return text;
}

Result<Bech32> DecodeBech32(std::string_view text) {
  if (text.size() > kMaxBytes) return Fail(ErrorCode::kInvalid, "too long");
  bool lower = false;
  bool upper = false;
  std::string folded;
  for (const char c : text) {
    if (c < 33 || c > 126) return Fail(ErrorCode::kInvalid, "a blank, or a character that is not printable ASCII");
    lower = lower || (c >= 'a' && c <= 'z');
    upper = upper || (c >= 'A' && c <= 'Z');
    folded.push_back(Lower(c));
  }
  if (lower && upper) return Fail(ErrorCode::kInvalid, "upper and lower case are mixed");
  const std::size_t separator = folded.rfind('1');
  if (separator == std::string::npos || separator == 0 || folded.size() - separator - 1 < kChecksumDigits) {
    return Fail(ErrorCode::kInvalid, "has no prefix, or is too short");
  }
  Bech32 result;
  result.prefix = folded.substr(0, separator);
  Digits digits;
  for (const char c : std::string_view(folded).substr(separator + 1)) {
    const std::size_t value = kDigits.find(c);
    if (value == std::string_view::npos) return Fail(ErrorCode::kInvalid, "a character outside its alphabet");
    digits.push_back(static_cast<std::uint8_t>(value));
  }
  Digits checked = ExpandPrefix(result.prefix);
  checked.insert(checked.end(), digits.begin(), digits.end());
  if (Polymod(checked) != 1) return Fail(ErrorCode::kInvalid, "the checksum is wrong");
  TRY(result.data, EightBitGroups(ByteView(digits).first(digits.size() - kChecksumDigits)));
  return result;
}

}  // namespace exhibit
