#include "vault/tlog/tile.h"

#include <cstdio>

#include "vault/base/encoding.h"
#include "vault/base/text.h"

namespace exhibit::tlog {
namespace {

constexpr std::string_view kPrefix = "tile/";
constexpr std::string_view kPartial = ".p/";
constexpr std::uint32_t kMaxLevel = 63;

std::string IndexPath(std::uint64_t index) {
  char group[4];
  std::snprintf(group, sizeof group, "%03u", static_cast<unsigned>(index % 1000));
  std::string path = group;
  for (index /= 1000; index > 0; index /= 1000) {
    std::snprintf(group, sizeof group, "%03u", static_cast<unsigned>(index % 1000));
    path = "x" + std::string(group) + "/" + path;
  }
  return path;
}

// Takes the groups of digits off the front of `rest`; what stands behind them stays.
Result<std::uint64_t> TakeIndex(std::string_view& rest) {
  std::uint64_t index = 0;
  for (bool more = true; more;) {
    more = !rest.empty() && rest.front() == 'x';
    if (more) rest.remove_prefix(1);
    if (rest.size() < 3) return Fail(ErrorCode::kInvalid, "a group has fewer than three digits");
    for (int i = 0; i < 3; ++i) {
      const char digit = rest.front();
      if (digit < '0' || digit > '9') return Fail(ErrorCode::kInvalid, "a group is not three digits");
      const auto value = static_cast<std::uint64_t>(digit - '0');
      if (index > (~std::uint64_t{0} - value) / 10) return Fail(ErrorCode::kInvalid, "the index is too large");
      index = index * 10 + value;
      rest.remove_prefix(1);
    }
    if (more) {
      if (rest.empty() || rest.front() != '/') return Fail(ErrorCode::kInvalid, "a group has no end");
      rest.remove_prefix(1);
    }
  }
  return index;
}

Result<TileId> Parse(std::string_view path) {
  if (!path.starts_with(kPrefix)) return Fail(ErrorCode::kInvalid, "does not begin with \"tile/\"");
  std::string_view rest = path.substr(kPrefix.size());
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return Fail(ErrorCode::kInvalid, "has no index");
  TRY(const std::uint64_t level, FromDecimal(rest.substr(0, slash)));
  if (level > kMaxLevel) return Fail(ErrorCode::kInvalid, "the level is above 63");
  rest.remove_prefix(slash + 1);
  TileId id{static_cast<std::uint32_t>(level), 0, kTileWidth};
  TRY(id.index, TakeIndex(rest));
  if (rest.starts_with(kPartial)) {
    TRY(const std::uint64_t width, FromDecimal(rest.substr(kPartial.size())));
    if (width < 1 || width >= kTileWidth) return Fail(ErrorCode::kInvalid, "the width is not 1 to 255");
    id.width = static_cast<std::uint32_t>(width);
  } else if (!rest.empty()) {
    return Fail(ErrorCode::kInvalid, "something follows the index");
  }
  if (TilePath(id) != path) return Fail(ErrorCode::kInvalid, "the index has leading groups of zeros");
  return id;
}

}  // namespace

std::uint64_t HashesAtLevel(std::uint64_t size, std::uint32_t level) {
  return level >= 8 ? 0 : size >> (8 * level);
}

std::uint32_t PartialWidth(std::uint64_t size, std::uint32_t level) {
  return static_cast<std::uint32_t>(HashesAtLevel(size, level) % kTileWidth);
}

std::string TilePath(const TileId& id) {
  EXHIBIT_ASSERT(id.level <= kMaxLevel && id.width >= 1 && id.width <= kTileWidth);
  std::string path = std::string(kPrefix) + std::to_string(id.level) + "/" + IndexPath(id.index);
  if (id.width < kTileWidth) path += std::string(kPartial) + std::to_string(id.width);
  return path;
}

Result<TileId> ParseTilePath(std::string_view path) {
  auto id = Parse(path);
  if (!id) {
    return Fail(std::move(id).error().In("tile path \"" + Printable(path.substr(0, 128)) + "\""));
  }
  return id;
}

Result<Bytes> EncodeEntryBundle(const std::vector<Bytes>& entries) {
  Bytes bundle;
  for (const Bytes& entry : entries) {
    if (entry.size() > kMaxBundledEntry) {
      return Fail(ErrorCode::kInvalid, "an entry of " + std::to_string(entry.size()) + " bytes does not fit a bundle");
    }
    bundle.push_back(static_cast<std::uint8_t>(entry.size() >> 8));
    bundle.push_back(static_cast<std::uint8_t>(entry.size() & 0xff));
    Append(bundle, entry);
  }
  return bundle;
}

Result<std::vector<Bytes>> ParseEntryBundle(ByteView bundle, std::uint32_t count) {
  std::vector<Bytes> entries;
  while (!bundle.empty()) {
    const std::string place = "entry bundle: entry " + std::to_string(entries.size());
    if (bundle.size() < 2) return Fail(ErrorCode::kInvalid, place + ": the length is cut off");
    const std::size_t size = static_cast<std::size_t>(bundle[0]) << 8 | bundle[1];
    bundle = bundle.subspan(2);
    if (bundle.size() < size) return Fail(ErrorCode::kInvalid, place + ": the entry is cut off");
    if (entries.size() == count) return Fail(ErrorCode::kInvalid, place + ": one more than expected");
    entries.push_back(ToBytes(bundle.first(size)));
    bundle = bundle.subspan(size);
  }
  if (entries.size() != count) {
    return Fail(ErrorCode::kInvalid, "entry bundle: holds " + std::to_string(entries.size()) +
                                         " entries instead of " + std::to_string(count));
  }
  return entries;
}

}  // namespace exhibit::tlog
