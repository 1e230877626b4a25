// A log in memory for tests: leaves go into a GrowingTree, tiles into a map, proofs come out of it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "tests/support/check.h"
#include "vault/tlog/proof.h"
#include "vault/tlog/tree.h"

namespace exhibit::testing {

// Tiles as a store keeps them: a partial tile grows in its place.
class TilesInMemory : public tlog::TileReader {
 public:
  Result<Bytes> ReadTile(const tlog::TileId& id) const override {
    ++reads_;
    const auto found = tiles_.find({id.level, id.index});
    if (found == tiles_.end()) return Fail(ErrorCode::kNotFound, tlog::TilePath(id) + ": no tile");
    return found->second;
  }

  void Store(const std::vector<tlog::GrowingTree::Tile>& tiles) {
    for (const auto& tile : tiles) tiles_[{tile.id.level, tile.id.index}] = tile.bytes;
  }

  Bytes& At(std::uint32_t level, std::uint64_t index) { return tiles_.at({level, index}); }
  std::size_t count() const { return tiles_.size(); }
  std::size_t reads() const { return reads_; }

 private:
  std::map<std::pair<std::uint32_t, std::uint64_t>, Bytes> tiles_;
  mutable std::size_t reads_ = 0;
};

// A tree and the tiles it has handed out so far.
struct LogOnTiles {
  tlog::GrowingTree tree;
  TilesInMemory tiles;

  void Append(const tlog::LeafHash& leaf) {
    tree.Append(leaf);
    tiles.Store(tree.TakeChangedTiles());
  }
  void AppendEntry(std::string_view entry) { Append(tlog::HashLeaf(ViewOf(entry))); }
};

inline std::string LeafText(std::uint64_t i) { return "leaf " + std::to_string(i); }

}  // namespace exhibit::testing
