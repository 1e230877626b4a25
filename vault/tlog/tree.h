// The tree of a log, kept as tiles while it grows.
//
// Only the right edge is in memory: the partial tile of each level, at most 255 hashes each. An
// append touches level 0 and, each 256 entries, the level above; opening reads one partial tile a
// level and never the log. The tree is a value: keep a copy, and undo a failed commit by
// going back to it.
#pragma once

#include <vector>

#include "vault/base/error.h"
#include "vault/tlog/merkle.h"
#include "vault/tlog/sequence.h"
#include "vault/tlog/tile.h"

namespace exhibit::tlog {

// A source of tiles. It may answer with a wider tile than asked for (a partial tile grows in
// its place); only its first `width` hashes count.
class TileReader {
 public:
  virtual ~TileReader() = default;
  virtual Result<Bytes> ReadTile(const TileId& id) const = 0;
};

// The first id.width hashes of a tile. kTampered if it is shorter, or not a whole number of hashes.
Result<std::vector<NodeHash>> ReadTileHashes(const TileReader& tiles, const TileId& id);

class GrowingTree {
 public:
  struct Tile {
    TileId id;
    Bytes bytes;
  };

  // The empty tree.
  GrowingTree() = default;

  // The tree of `size` leaves, from the partial tiles at its right edge. The caller compares Root()
  // with a signed checkpoint to find out whether the tiles are right.
  static Result<GrowingTree> Open(TreeSize size, const TileReader& tiles);

  void Append(const LeafHash& leaf);

  TreeSize size() const { return {range_.size()}; }
  RootHash Root() const { return range_.Root(); }

  // What changed since the last call: tiles that became full, each once, and the partial tiles at
  // the right edge in their present width.
  std::vector<Tile> TakeChangedTiles();

 private:
  CompactRange range_;
  std::vector<std::vector<NodeHash>> edge_;  // by level, the hashes of the partial tile
  std::vector<Tile> full_;                   // became full since the last TakeChangedTiles
  std::vector<bool> changed_;                // by level, the partial tile
};

}  // namespace exhibit::tlog
