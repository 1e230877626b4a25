#include "vault/bundle/zip_writer.h"

#include <sys/stat.h>

#include <algorithm>

#include "vault/base/little_endian.h"

namespace exhibit::bundle {
namespace {

constexpr std::uint32_t kOnes32 = 0xffffffff;
constexpr std::uint16_t kOnes16 = 0xffff;
constexpr std::uint16_t kUtf8 = 1 << 11;

// All ones if the number is in the fields of zip64.
std::uint32_t Field32(std::uint64_t value) { return value >= kOnes32 ? kOnes32 : static_cast<std::uint32_t>(value); }
std::uint16_t Field16(std::uint64_t value) { return value >= kOnes16 ? kOnes16 : static_cast<std::uint16_t>(value); }

// The numbers that are all ones elsewhere, in order.
Bytes Zip64(std::initializer_list<std::uint64_t> numbers) {
  Bytes values;
  for (const std::uint64_t number : numbers) {
    if (number >= kOnes32) PutLittle(values, number);
  }
  if (values.empty()) return values;
  Bytes extra;
  PutLittle<std::uint16_t>(extra, 1);
  PutLittle(extra, static_cast<std::uint16_t>(values.size()));
  Append(extra, values);
  return extra;
}

// DOS's date in the upper and its time in the lower half; UTC, from 1980 on, in steps of two seconds.
std::uint32_t DosTime(std::time_t time) {
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  if (parts.tm_year < 80) return 1U << 21 | 1U << 16;
  const auto field = [](int value, unsigned shift) { return static_cast<std::uint32_t>(value) << shift; };
  return field(std::min(parts.tm_year - 80, 127), 25) | field(parts.tm_mon + 1, 21) | field(parts.tm_mday, 16) |
         field(parts.tm_hour, 11) | field(parts.tm_min, 5) | field(parts.tm_sec / 2, 0);
}

// What both headers have alike, from the version on.
void PutCommon(Bytes& header, const PackedFile& file, bool has_zip64, std::size_t extra_bytes) {
  const bool is_ascii = std::ranges::all_of(file.name, [](unsigned char c) { return c < 0x80; });
  PutLittle<std::uint16_t>(header, has_zip64 ? 45 : 20);
  PutLittle<std::uint16_t>(header, is_ascii ? 0 : kUtf8);
  PutLittle<std::uint16_t>(header, 0);  // stored
  PutLittle(header, DosTime(file.modified));
  PutLittle(header, file.crc);
  PutLittle(header, Field32(file.size));
  PutLittle(header, Field32(file.size));
  PutLittle(header, static_cast<std::uint16_t>(file.name.size()));
  PutLittle(header, static_cast<std::uint16_t>(extra_bytes));
}

}  // namespace

Bytes ZipHeader(const PackedFile& file) {
  const Bytes extra = Zip64({file.size, file.size});
  Bytes header = ToBytes(ViewOf("PK\3\4"));
  PutCommon(header, file, !extra.empty(), extra.size());
  Append(header, ViewOf(file.name));
  Append(header, extra);
  return header;
}

void ZipList::Add(const PackedFile& file) {
  const Bytes extra = Zip64({file.size, file.size, file.offset});
  Append(list_, ViewOf("PK\1\2"));
  PutLittle<std::uint16_t>(list_, 3 << 8 | 45);  // made on Unix
  PutCommon(list_, file, !extra.empty(), extra.size());
  PutLittle<std::uint16_t>(list_, 0);  // no comment
  PutLittle<std::uint32_t>(list_, 0);  // this part, no attributes of its own
  PutLittle<std::uint32_t>(list_, std::uint32_t{S_IFREG | 0644} << 16);
  PutLittle(list_, Field32(file.offset));
  Append(list_, ViewOf(file.name));
  Append(list_, extra);
  ++count_;
}

Bytes ZipList::Finish(std::uint64_t offset) {
  Bytes all = std::move(list_);
  const std::uint64_t bytes = all.size();
  if (count_ >= kOnes16 || bytes >= kOnes32 || offset >= kOnes32) {
    Append(all, ViewOf("PK\6\6"));
    PutLittle<std::uint64_t>(all, 44);
    PutLittle<std::uint16_t>(all, 3 << 8 | 45);
    PutLittle<std::uint16_t>(all, 45);
    PutLittle<std::uint64_t>(all, 0);  // the only part
    PutLittle(all, count_);
    PutLittle(all, count_);
    PutLittle(all, bytes);
    PutLittle(all, offset);
    Append(all, ViewOf("PK\6\7"));
    PutLittle<std::uint32_t>(all, 0);
    PutLittle(all, offset + bytes);
    PutLittle<std::uint32_t>(all, 1);
  }
  Append(all, ViewOf("PK\5\6"));
  PutLittle<std::uint32_t>(all, 0);
  PutLittle(all, Field16(count_));
  PutLittle(all, Field16(count_));
  PutLittle(all, Field32(bytes));
  PutLittle(all, Field32(offset));
  PutLittle<std::uint16_t>(all, 0);
  return all;
}

}  // namespace exhibit::bundle
