#include "vault/tlog/tile.h"

#include <cstdio>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::tlog {
namespace {

constexpr std::string_view kPrefix = "tile/";
constexpr std::string_view kEntriesPrefix = "tile/entries/";
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

// Takes the groups of digits from the front of `rest` and leaves what follows them.
Result<std::uint64_t> TakeIndex(std::string_view& rest) {
  std::uint64_t index = 0;
  for (bool more = true; more;) {
    more = !rest.empty() && rest.front() == 'x';
    if (more) rest.remove_prefix(1);
    if (rest.size() < 3) return Fail(ErrorCode::kInvalid, "a group has fewer than three digits");
    for (int i = 0; i < 3; ++i) {
      const char digit = rest.front();
      if (digit < '0' || digit > '9') {
        return Fail(ErrorCode::kInvalid, "a group is not three digits");
      }
      const auto value = static_cast<std::uint64_t>(digit - '0');
      if (index > (~std::uint64_t{0} - value) / 10) {
        return Fail(ErrorCode::kInvalid, "the index is too large");
      }
      index = index * 10 + value;
      rest.remove_prefix(1);
    }
    if (more) {
      if (rest.empty() || rest.front() != '/') {
        return Fail(ErrorCode::kInvalid, "a group has no end");
      }
      rest.remove_prefix(1);
    }
  }
  return index;
}

// The place of a tile or bundle in its row, and its width: <N>[.p/<W>].
struct Place {
  std::uint64_t index = 0;
  std::uint32_t width = kTileWidth;
};

Result<Place> ParsePlace(std::string_view text) {
  Place place;
  TRY(place.index, TakeIndex(text));
  if (text.starts_with(kPartial)) {
    TRY(const std::uint64_t width, FromDecimal(text.substr(kPartial.size())));
    if (width < 1 || width >= kTileWidth) {
      return Fail(ErrorCode::kInvalid, "the width is not 1 to 255");
    }
    place.width = static_cast<std::uint32_t>(width);
  } else if (!text.empty()) {
    return Fail(ErrorCode::kInvalid, "something follows the index");
  }
  return place;
}

std::string PlacePath(const Place& place) {
  EXHIBIT_ASSERT(place.width >= 1 && place.width <= kTileWidth);
  std::string path = IndexPath(place.index);
  if (place.width < kTileWidth) path += std::string(kPartial) + std::to_string(place.width);
  return path;
}

Failure LeadingZeros() { return Fail(ErrorCode::kInvalid, "the index has leading groups of zeros"); }

Result<TileId> ParseTile(std::string_view path) {
  if (!path.starts_with(kPrefix)) return Fail(ErrorCode::kInvalid, "does not begin with \"tile/\"");
  const std::string_view rest = path.substr(kPrefix.size());
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return Fail(ErrorCode::kInvalid, "has no index");
  const auto level = FromDecimal(rest.substr(0, slash));
  if (!level || *level > kMaxLevel) return Fail(ErrorCode::kInvalid, "the level is not 0 to 63");
  TRY(const Place place, ParsePlace(rest.substr(slash + 1)));
  const TileId id{static_cast<std::uint32_t>(*level), place.index, place.width};
  if (TilePath(id) != path) return LeadingZeros();
  return id;
}

Result<EntryBundleId> ParseBundle(std::string_view path) {
  if (!path.starts_with(kEntriesPrefix)) {
    return Fail(ErrorCode::kInvalid, "does not begin with \"tile/entries/\"");
  }
  TRY(const Place place, ParsePlace(path.substr(kEntriesPrefix.size())));
  const EntryBundleId id{place.index, place.width};
  if (EntryBundlePath(id) != path) return LeadingZeros();
  return id;
}

// The start of a path, for a message; a path from a stranger may be of any length.
std::string Quoted(std::string_view path) { return Format("\"{}\"", Printable(path.substr(0, 128))); }

}  // namespace

std::uint64_t HashesAtLevel(std::uint64_t size, std::uint32_t level) { return level >= 8 ? 0 : size >> (8 * level); }

std::uint32_t PartialWidth(std::uint64_t size, std::uint32_t level) {
  return static_cast<std::uint32_t>(HashesAtLevel(size, level) % kTileWidth);
}

std::string TilePath(const TileId& id) {
  EXHIBIT_ASSERT(id.level <= kMaxLevel);
  return std::string(kPrefix) + std::to_string(id.level) + "/" + PlacePath({id.index, id.width});
}

Result<TileId> ParseTilePath(std::string_view path) {
  auto id = ParseTile(path);
  if (!id) return Fail(std::move(id).error().In("tile path " + Quoted(path)));
  return id;
}

std::string EntryBundlePath(const EntryBundleId& id) {
  return std::string(kEntriesPrefix) + PlacePath({id.index, id.width});
}

Result<EntryBundleId> ParseEntryBundlePath(std::string_view path) {
  auto id = ParseBundle(path);
  if (!id) return Fail(std::move(id).error().In("entry bundle path " + Quoted(path)));
  return id;
}

Result<Bytes> EncodeEntryBundle(const std::vector<Bytes>& entries) {
  Bytes bundle;
  for (const Bytes& entry : entries) {
    if (entry.size() > kMaxBundledEntry) {
      return Fail(ErrorCode::kInvalid, Format("an entry of {} bytes does not fit a bundle", entry.size()));
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
    const std::string place = Format("entry bundle: entry {}", entries.size());
    if (bundle.size() < 2) return Fail(ErrorCode::kInvalid, place + ": the length is cut off");
    const std::size_t size = static_cast<std::size_t>(bundle[0]) << 8 | bundle[1];
    bundle = bundle.subspan(2);
    if (bundle.size() < size) return Fail(ErrorCode::kInvalid, place + ": the entry is cut off");
    if (entries.size() == count) {
      return Fail(ErrorCode::kInvalid, place + ": one more than expected");
    }
    entries.push_back(ToBytes(bundle.first(size)));
    bundle = bundle.subspan(size);
  }
  if (entries.size() != count) {
    return Fail(ErrorCode::kInvalid, Format("entry bundle: holds {} entries instead of {}", entries.size(), count));
  }
  return entries;
}

}  // namespace exhibit::tlog
