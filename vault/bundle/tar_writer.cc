#include "vault/bundle/tar_writer.h"

#include <algorithm>
#include <numeric>

namespace exhibit::bundle {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kRecord = 20 * kBlock;
constexpr std::size_t kNameBytes = 100;

// Octal digits and a NUL; or the byte 80 and a binary number, if the digits do not suffice.
void PutNumber(Bytes& header, std::size_t at, std::size_t bytes, std::uint64_t value) {
  if (value >> (3 * (bytes - 1)) != 0) {
    header[at] = 0x80;
    PutU64(MutableByteView(header).subspan(at + bytes - 8, 8), value);
    return;
  }
  for (std::size_t i = bytes - 1; i-- > 0; value >>= 3) header[at + i] = static_cast<std::uint8_t>('0' + (value & 7));
}

void PutText(Bytes& header, std::size_t at, std::string_view text) {
  std::ranges::copy(text, header.begin() + static_cast<std::ptrdiff_t>(at));
}

Bytes Header(std::string_view name, char type, std::uint64_t size, std::uint64_t modified) {
  Bytes header(kBlock);
  PutText(header, 0, name.substr(0, kNameBytes));
  PutText(header, 100, "0000644");
  PutText(header, 108, "0000000");
  PutText(header, 116, "0000000");
  PutNumber(header, 124, 12, size);
  PutNumber(header, 136, 12, modified);
  header[156] = static_cast<std::uint8_t>(type);
  PutText(header, 257, "ustar  ");
  PutText(header, 148, "        ");
  PutNumber(header, 148, 7, std::accumulate(header.begin(), header.end(), std::uint64_t{0}));
  header[154] = 0;
  return header;
}

}  // namespace

Bytes TarHeader(const PackedFile& file) {
  const auto modified = static_cast<std::uint64_t>(std::max<std::time_t>(file.modified, 0));
  Bytes all;
  if (file.name.size() > kNameBytes) {
    const std::uint64_t bytes = file.name.size() + 1;
    Append(all, Header("././@LongLink", 'L', bytes, 0));
    Append(all, ViewOf(file.name));
    all.push_back(0);
    Append(all, TarFilling(bytes));
  }
  Append(all, Header(file.name, '0', file.size, modified));
  return all;
}

Bytes TarFilling(std::uint64_t size) { return Bytes((kBlock - size % kBlock) % kBlock); }

Bytes TarEnd(std::uint64_t at) { return Bytes(2 * kBlock + (kRecord - (at + 2 * kBlock) % kRecord) % kRecord); }

}  // namespace exhibit::bundle
