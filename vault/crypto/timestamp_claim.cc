#include "vault/crypto/timestamp_claim.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

namespace exhibit::crypto {
namespace {

struct DerValue {
  std::uint8_t tag = 0;
  ByteView content;
};

constexpr std::uint8_t kInteger = 0x02, kOctets = 0x04, kOid = 0x06, kTime = 0x18, kSequence = 0x30, kSet = 0x31,
                       kExplicit0 = 0xA0;
constexpr std::array<std::uint8_t, 9> kSignedData = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};
constexpr std::array<std::uint8_t, 11> kTstInfo = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04};
constexpr std::array<std::uint8_t, 9> kSha256 = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01};
constexpr std::array<std::uint8_t, 1> kVersion1 = {0x01};

using DerValues = std::vector<DerValue>;

// All values of `data`; nothing if they are not DER, or do not fill it.
std::optional<DerValues> ValuesOf(ByteView data) {
  DerValues values;
  while (!data.empty()) {
    if (data.size() < 2) return std::nullopt;
    std::size_t length = data[1];
    std::size_t begin = 2;
    if ((data[1] & 0x80U) != 0) {
      const std::size_t count = data[1] & 0x7FU;
      if (count == 0 || count > 4 || data.size() < 2 + count) return std::nullopt;
      length = 0;
      for (std::size_t i = 0; i < count; ++i) length = length << 8 | data[2 + i];
      begin += count;
      if (length < 0x80 || length >> 8 * (count - 1) == 0) return std::nullopt;
    }
    if (data.size() - begin < length) return std::nullopt;
    values.push_back({data[0], data.subspan(begin, length)});
    data = data.subspan(begin + length);
  }
  return values;
}

// The values of `data`, which begin with these tags.
std::optional<DerValues> Open(ByteView data, std::initializer_list<std::uint8_t> tags) {
  auto values = ValuesOf(data);
  if (!values || values->size() < tags.size()) return std::nullopt;
  const bool fits = std::equal(tags.begin(), tags.end(), values->begin(),
                               [](std::uint8_t tag, const DerValue& value) { return tag == value.tag; });
  return fits ? values : std::nullopt;
}

// The values inside of `data`, which is one value with this tag.
std::optional<DerValues> OpenOnly(ByteView data, std::uint8_t tag, std::initializer_list<std::uint8_t> tags) {
  const auto outer = Open(data, {tag});
  return outer && outer->size() == 1 ? Open(outer->front().content, tags) : std::nullopt;
}

// "20261128230000Z", with a fraction that does not end in 0.
std::optional<std::int64_t> SecondsOf(ByteView time) {
  const std::string_view text = TextOf(time);
  if (text.size() < 15 || text.back() != 'Z') return std::nullopt;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!std::ranges::all_of(text.substr(0, 14), is_digit)) return std::nullopt;
  const std::string_view fraction = text.substr(14, text.size() - 15);
  const bool fits = fraction.empty() || (fraction.size() > 1 && fraction[0] == '.' &&
                                         std::ranges::all_of(fraction.substr(1), is_digit) && fraction.back() != '0');
  if (!fits) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t count) {
    int value = 0;
    for (const char c : text.substr(at, count)) value = value * 10 + (c - '0');
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(4, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(6, 2)))};
  const int hour = number(8, 2), minute = number(10, 2), second = number(12, 2);
  if (!date.ok() || number(0, 4) < 1970 || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

}  // namespace

std::optional<TimestampClaim> ReadTimestampClaim(ByteView token) {
  const auto content = OpenOnly(token, kSequence, {kOid, kExplicit0});
  if (!content || !Equal((*content)[0].content, kSignedData)) return std::nullopt;
  const auto inside = OpenOnly((*content)[1].content, kSequence, {kInteger, kSet, kSequence});
  const auto info = inside ? Open((*inside)[2].content, {kOid, kExplicit0}) : std::nullopt;
  if (!info || !Equal((*info)[0].content, kTstInfo)) return std::nullopt;
  const auto octets = Open((*info)[1].content, {kOctets});
  const auto tst =
      octets ? OpenOnly((*octets)[0].content, kSequence, {kInteger, kOid, kSequence, kInteger, kTime}) : std::nullopt;
  if (!tst || !Equal((*tst)[0].content, kVersion1)) return std::nullopt;
  const auto imprint = Open((*tst)[2].content, {kSequence, kOctets});
  const auto algorithm = imprint ? Open((*imprint)[0].content, {kOid}) : std::nullopt;
  if (!algorithm || !Equal((*algorithm)[0].content, kSha256)) return std::nullopt;
  const auto digest = Sha256Digest::From((*imprint)[1].content);
  const auto seconds = SecondsOf((*tst)[4].content);
  if (!digest || !seconds) return std::nullopt;
  return TimestampClaim{*digest, *seconds};
}

}  // namespace exhibit::crypto
