// Tiles: the tree cut into pieces of up to 256 hashes (C2SP tlog-tiles).
//
//   tile/<L>/<N>[.p/<W>]    hash i of tile N at level L is
//                           MTH(D[(N*256+i)*256^L : (N*256+i+1)*256^L]), 32 bytes each
//   tile/entries/<N>[.p/<W>]  up to 256 entries, each with its length in two bytes before it
//
// N is written in groups of three digits, all but the last with an "x" in front: 1234067 is
// "x001/x234/067". A partial tile has a width W from 1 to 255; a full one has none. Level 0 holds
// the hashes of the entries.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/tlog/merkle.h"

namespace exhibit::tlog {

inline constexpr std::uint32_t kTileWidth = 256;
inline constexpr std::size_t kMaxBundledEntry = 65'535;

struct TileId {
  std::uint32_t level = 0;  // 0 to 63; in trees that exist, 0 to 7
  std::uint64_t index = 0;
  std::uint32_t width = kTileWidth;  // 1 to 256
  auto operator<=>(const TileId&) const = default;
};

// The width of the partial tile at the right edge of `level` in a tree of `size` leaves; 0 if the
// edge is not partial.
std::uint32_t PartialWidth(std::uint64_t size, std::uint32_t level);
// The number of hashes that `level` has in a tree of `size` leaves.
std::uint64_t HashesAtLevel(std::uint64_t size, std::uint32_t level);

// "tile/0/x001/x234/067.p/89". REQUIRES: level and width in range.
std::string TilePath(const TileId& id);
// Exactly what TilePath writes; kInvalid for every other spelling.
Result<TileId> ParseTilePath(std::string_view path);

// Which entry bundle: entries [index * 256, index * 256 + width).
struct EntryBundleId {
  std::uint64_t index = 0;
  std::uint32_t width = kTileWidth;  // 1 to 256
  auto operator<=>(const EntryBundleId&) const = default;
};

// "tile/entries/x001/x234/067.p/89", and back; the rules are those of tile paths.
std::string EntryBundlePath(const EntryBundleId& id);
Result<EntryBundleId> ParseEntryBundlePath(std::string_view path);

// An entry bundle: for each entry its length, two bytes big-endian, and its bytes.
// Fails with kInvalid if an entry is longer than kMaxBundledEntry.
Result<Bytes> EncodeEntryBundle(const std::vector<Bytes>& entries);
// kInvalid on truncation and if there are not exactly `count` entries.
Result<std::vector<Bytes>> ParseEntryBundle(ByteView bundle, std::uint32_t count);

}  // namespace exhibit::tlog
