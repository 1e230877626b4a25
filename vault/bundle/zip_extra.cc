#include "vault/bundle/zip_extra.h"

#include <zlib.h>

#include <set>

#include "vault/base/format.h"
#include "vault/base/little_endian.h"

namespace exhibit::bundle {
namespace {

constexpr std::uint16_t kZip64 = 0x0001;
constexpr std::uint16_t kUnicodePath = 0x7075;

// Times, and owners by number.
bool IsWeightless(std::uint16_t kind, ByteView data) {
  switch (kind) {
    case 0x5455:
    case 0x5855:
    case 0x7855:
    case 0x7875:
    case 0x000a: return true;
    case 0xcafe: return data.empty();  // jar's first
    default: return false;
  }
}

// A name in UTF-8 that some unpackers take instead of the other.
bool IsSameName(ByteView data, std::string_view name) {
  const auto crc = static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(name.data()), static_cast<uInt>(name.size())));
  return data.size() >= 5 && data[0] == 1 && GetLittle<std::uint32_t>(data, 1) == crc &&
         TextOf(data.subspan(5)) == name;
}

}  // namespace

Result<ZipExtra> ReadZipExtra(ByteView extra, std::string_view name) {
  ZipExtra read;
  std::set<std::uint16_t> kinds;
  while (!extra.empty()) {
    const std::size_t length = extra.size() < 4 ? 0 : GetLittle<std::uint16_t>(extra, 2);
    if (extra.size() < 4 + length) return Refuse(name, "its extra field is none");
    const auto kind = GetLittle<std::uint16_t>(extra, 0);
    const ByteView data = extra.subspan(4, length);
    if (!kinds.insert(kind).second) return Refuse(name, "its extra field says something twice");
    if (kind == kZip64) {
      read = {true, data};
    } else if (kind == kUnicodePath) {
      if (!IsSameName(data, name)) return CannotRead(name, "it has a second name in UTF-8, which some unpackers use");
    } else if (!IsWeightless(kind, data)) {
      return CannotRead(name, Format("its extra field has a record of kind {}, which is not read", kind));
    }
    extra = extra.subspan(4 + length);
  }
  return read;
}

bool TakeZip64(ByteView zip64, std::initializer_list<std::uint64_t*> fields) {
  for (std::uint64_t* const field : fields) {
    if (*field != 0xffffffff) continue;
    if (zip64.size() < 8) return false;
    *field = GetLittle<std::uint64_t>(zip64, 0);
    zip64 = zip64.subspan(8);
  }
  return zip64.empty();
}

}  // namespace exhibit::bundle
