#include "vault/store/log_records.h"

#include <algorithm>
#include <array>

#include "vault/base/format.h"
#include "vault/base/zeros.h"

namespace exhibit::store {
namespace {

constexpr std::size_t kBlock = 32'768;
constexpr std::size_t kHeader = 7;     // checksum, length, type
constexpr std::size_t kLogNumber = 4;  // after it, in files that are reused
constexpr std::uint32_t kMaskDelta = 0xa282ead8U;

std::array<std::uint32_t, 256> MakeTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ (0x82f63b78U & (0U - (value & 1)));
    table[i] = value;
  }
  return table;
}

std::uint32_t GetU32Little(ByteView bytes) {
  return bytes[0] | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 | std::uint32_t{bytes[3]} << 24;
}

std::uint32_t Mask(std::uint32_t crc) { return ((crc >> 15) | (crc << 17)) + kMaskDelta; }

// Which types may follow, and whether a record has begun and not ended.
bool FollowsTypes(std::uint8_t type, bool under_way) {
  const int kind = (type - 1) % 4;  // 0 full, 1 first, 2 middle, 3 last
  return under_way ? kind >= 2 : kind < 2;
}

}  // namespace

std::uint32_t Crc32c(ByteView bytes, std::uint32_t before) {
  static const std::array<std::uint32_t, 256> table = MakeTable();
  std::uint32_t crc = ~before;
  for (const std::uint8_t byte : bytes) crc = table[(crc ^ byte) & 0xff] ^ (crc >> 8);
  return ~crc;
}

LogRecords CheckLogRecords(ByteView file, const RecordStarts& starts) {
  LogRecords result;
  bool under_way = false;
  Bytes start;  // of the record that is under way
  std::size_t at = 0;
  const auto fault = [&](std::string what) {
    result.fault = Format("{} at byte {}", what, at);
    return result;
  };
  while (at < file.size()) {
    const std::size_t left_in_block = kBlock - at % kBlock;
    const ByteView rest = file.subspan(at, std::min(left_in_block, file.size() - at));
    if (left_in_block < kHeader) {
      if (!IsZero(rest)) return fault("the padding of a block is not zero");
      at += rest.size();
      continue;
    }
    if (rest.size() < kHeader) {
      result.is_torn = true;
      return fault("a record is cut off");
    }
    const std::uint8_t type = rest[6];
    const std::size_t header = type > 4 ? kHeader + kLogNumber : kHeader;
    const std::size_t length = rest[4] | std::size_t{rest[5]} << 8;
    if (IsZero(file.subspan(at))) {  // a file system that knows the size and lost the bytes
      result.is_torn = true;
      return fault("nothing but zeros");
    }
    if (type < 1 || type > 8) return fault("a record of an unknown type");
    if (header + length > left_in_block) return fault("a record that does not fit its block");
    if (header + length > rest.size()) {
      result.is_torn = true;
      return fault("a record is cut off");
    }
    if (GetU32Little(rest) != Mask(Crc32c(rest.subspan(6, header - 6 + length))))
      return fault("a record whose checksum is wrong");
    if (!FollowsTypes(type, under_way)) return fault("a record that does not follow the one before it");
    const ByteView data = rest.subspan(header, length);
    if (!under_way) start.clear();
    Append(start, data.first(std::min(data.size(), kRecordStart - start.size())));
    under_way = (type - 1) % 4 == 1 || (type - 1) % 4 == 2;
    at += header + length;
    if (!under_way) {
      if (starts) starts(start);
      ++result.whole;
      result.good_bytes = at;
    }
  }
  if (!under_way) return result;
  result.is_torn = true;
  return fault("a record is cut off");
}

}  // namespace exhibit::store
