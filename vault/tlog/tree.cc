#include "vault/tlog/tree.h"

#include "vault/base/format.h"

namespace exhibit::tlog {
namespace {

constexpr int kTileHeight = 8;  // 2^8 = kTileWidth

Bytes BytesOf(const std::vector<NodeHash>& hashes) {
  Bytes bytes;
  bytes.reserve(hashes.size() * NodeHash::kSize);
  for (const NodeHash& hash : hashes) Append(bytes, hash.view());
  return bytes;
}

}  // namespace

Result<std::vector<NodeHash>> ReadTileHashes(const TileReader& tiles, const TileId& id) {
  TRY(const Bytes bytes, tiles.ReadTile(id));
  if (bytes.size() < id.width * NodeHash::kSize || bytes.size() % NodeHash::kSize != 0 ||
      bytes.size() > kTileWidth * NodeHash::kSize) {
    return Fail(ErrorCode::kTampered,
                Format("{}: holds {} bytes, not {} hashes", TilePath(id), bytes.size(), id.width));
  }
  std::vector<NodeHash> hashes;
  hashes.reserve(id.width);
  for (std::size_t i = 0; i < id.width; ++i) {
    hashes.push_back(*NodeHash::From(ByteView(bytes).subspan(i * NodeHash::kSize, NodeHash::kSize)));
  }
  return hashes;
}

Result<GrowingTree> GrowingTree::Open(TreeSize size, const TileReader& tiles) {
  GrowingTree tree;
  std::uint32_t levels = 0;
  while (HashesAtLevel(size.value, levels) > 0) ++levels;
  tree.edge_.resize(levels);
  tree.changed_.assign(levels, false);
  // From the top: the largest subtrees are on the left.
  for (std::uint32_t level = levels; level-- > 0;) {
    const std::uint32_t width = PartialWidth(size.value, level);
    if (width == 0) continue;
    const TileId id{level, HashesAtLevel(size.value, level) / kTileWidth, width};
    TRY(tree.edge_[level], ReadTileHashes(tiles, id));
    for (const NodeHash& hash : tree.edge_[level]) {
      tree.range_.AppendSubtree(hash, kTileHeight * static_cast<int>(level));
    }
  }
  EXHIBIT_ASSERT(tree.range_.size() == size.value);
  return tree;
}

void GrowingTree::Append(const LeafHash& leaf) {
  range_.Append(leaf);
  NodeHash hash = AsNode(leaf);
  for (std::size_t level = 0;; ++level) {
    if (level == edge_.size()) {
      edge_.emplace_back();
      changed_.push_back(false);
    }
    edge_[level].push_back(hash);
    changed_[level] = true;
    if (edge_[level].size() < kTileWidth) return;
    const std::uint64_t index = HashesAtLevel(range_.size(), static_cast<std::uint32_t>(level)) / kTileWidth - 1;
    full_.push_back({{static_cast<std::uint32_t>(level), index, kTileWidth}, BytesOf(edge_[level])});
    hash = HashOf(edge_[level]);
    edge_[level].clear();
    changed_[level] = false;
  }
}

std::vector<GrowingTree::Tile> GrowingTree::TakeChangedTiles() {
  std::vector<Tile> tiles = std::move(full_);
  full_.clear();
  for (std::size_t level = 0; level < edge_.size(); ++level) {
    if (!changed_[level]) continue;
    changed_[level] = false;
    const auto level_number = static_cast<std::uint32_t>(level);
    tiles.push_back({{level_number, HashesAtLevel(range_.size(), level_number) / kTileWidth,
                      static_cast<std::uint32_t>(edge_[level].size())},
                     BytesOf(edge_[level])});
  }
  return tiles;
}

}  // namespace exhibit::tlog
