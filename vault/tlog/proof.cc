#include "vault/tlog/proof.h"

#include <bit>
#include <map>
#include <string>

#include "vault/base/format.h"

namespace exhibit::tlog {
namespace {

// Hashes of subtrees, computed from tiles; each tile is read once.
class SubtreeHasher {
 public:
  SubtreeHasher(const TileReader& tiles, std::uint64_t tree_size) : tiles_(tiles), size_(tree_size) {}

  // MTH(D[begin:end]), where [begin, end) is a node of the tree: begin is a multiple of the
  // smallest power of two that is not below end - begin.
  Result<NodeHash> Hash(std::uint64_t begin, std::uint64_t end) {
    CompactRange range;
    for (std::uint64_t at = begin; at < end;) {
      // The largest perfect subtree that starts here and fits.
      const int level = static_cast<int>(std::bit_width(end - at)) - 1;
      TRY(const NodeHash node, Perfect(at >> level, level));
      range.AppendSubtree(node, level);
      at += std::uint64_t{1} << level;
    }
    return AsNode(range.Root());
  }

 private:
  // The root of leaves [index * 2^level, (index + 1) * 2^level).
  Result<NodeHash> Perfect(std::uint64_t index, int level) {
    const auto tile_level = static_cast<std::uint32_t>(level / 8);
    const int above = level % 8;
    const std::uint64_t first = index << above;  // in hashes of tile_level
    TRY(const std::vector<NodeHash>* const hashes, Tile(tile_level, first / kTileWidth));
    const std::size_t offset = first % kTileWidth;
    const std::size_t count = std::size_t{1} << above;
    EXHIBIT_ASSERT(offset + count <= hashes->size());
    return HashOf(std::span(*hashes).subspan(offset, count));
  }

  Result<const std::vector<NodeHash>*> Tile(std::uint32_t level, std::uint64_t index) {
    const auto key = std::pair(level, index);
    auto found = read_.find(key);
    if (found == read_.end()) {
      const std::uint64_t last = HashesAtLevel(size_, level) / kTileWidth;
      const std::uint32_t width = index < last ? kTileWidth : PartialWidth(size_, level);
      TRY(std::vector<NodeHash> hashes, ReadTileHashes(tiles_, {level, index, width}));
      found = read_.emplace(key, std::move(hashes)).first;
    }
    return &found->second;
  }

  const TileReader& tiles_;
  std::uint64_t size_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::vector<NodeHash>> read_;
};

// The largest power of two below n. REQUIRES: n > 1.
std::uint64_t SplitOf(std::uint64_t n) { return std::bit_floor(n - 1); }

Failure WrongProof(std::string_view kind, std::string_view why) {
  return Fail(ErrorCode::kTampered, Format("{} proof: {}", kind, why));
}

}  // namespace

Result<ProofHashes> ProveInclusion(const TileReader& tiles, Sequence position, TreeSize size) {
  if (position.value >= size.value) {
    return Fail(ErrorCode::kInvalid, Format("no entry {} in a tree of {}", position, size));
  }
  SubtreeHasher hasher(tiles, size.value);
  // PATH(m, D[n]), walked from the root down, gives the siblings from the root's child on.
  ProofHashes from_root;
  std::uint64_t begin = 0;
  std::uint64_t end = size.value;
  while (end - begin > 1) {
    const std::uint64_t middle = begin + SplitOf(end - begin);
    const bool left = position.value < middle;
    TRY(const NodeHash sibling, left ? hasher.Hash(middle, end) : hasher.Hash(begin, middle));
    from_root.push_back(sibling);
    (left ? end : begin) = middle;
  }
  return ProofHashes(from_root.rbegin(), from_root.rend());
}

Result<ProofHashes> ProveConsistency(const TileReader& tiles, TreeSize old_size, TreeSize new_size) {
  if (old_size.value == 0 || old_size > new_size) {
    return Fail(ErrorCode::kInvalid, Format("no consistency proof from size {} to {}", old_size, new_size));
  }
  SubtreeHasher hasher(tiles, new_size.value);
  // SUBPROOF(m, D[n], b), walked from the root down. `whole` is b: the subtree at hand is the old
  // tree itself, whose root the verifier has.
  ProofHashes from_root;
  std::uint64_t begin = 0;
  std::uint64_t end = new_size.value;
  bool whole = true;
  while (end != old_size.value) {
    const std::uint64_t middle = begin + SplitOf(end - begin);
    const bool left = old_size.value <= middle;
    TRY(const NodeHash sibling, left ? hasher.Hash(middle, end) : hasher.Hash(begin, middle));
    from_root.push_back(sibling);
    (left ? end : begin) = middle;
    whole = whole && left;
  }
  if (!whole) {
    TRY(const NodeHash shared, hasher.Hash(begin, end));
    from_root.push_back(shared);
  }
  return ProofHashes(from_root.rbegin(), from_root.rend());
}

Result<void> CheckInclusion(const LeafHash& leaf, Sequence position, TreeSize size, const ProofHashes& proof,
                            const RootHash& root) {
  if (position.value >= size.value) {
    return Fail(ErrorCode::kInvalid, Format("inclusion proof: position {} is not in a tree of {}", position, size));
  }
  std::uint64_t node = position.value;
  std::uint64_t last = size.value - 1;
  NodeHash hash = AsNode(leaf);
  for (const NodeHash& sibling : proof) {
    if (last == 0) return WrongProof("inclusion", "has too many hashes");
    if ((node & 1) != 0 || node == last) {
      hash = HashChildren(sibling, hash);
      // Up to the level at which this node has a sibling on its right.
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = HashChildren(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return WrongProof("inclusion", "has too few hashes");
  if (AsRoot(hash) != root) return WrongProof("inclusion", "does not lead to the root");
  return {};
}

Result<void> CheckConsistency(const SignedSize& old_tree, const SignedSize& new_tree, const ProofHashes& proof) {
  if (old_tree.size.value == 0 || old_tree.size > new_tree.size) {
    return Fail(ErrorCode::kInvalid, Format("consistency proof: from size {} to {}", old_tree.size, new_tree.size));
  }
  if (old_tree.size == new_tree.size) {
    if (!proof.empty()) return WrongProof("consistency", "has hashes, though the sizes are equal");
    if (old_tree.root != new_tree.root) return WrongProof("consistency", "two roots of one size");
    return {};
  }
  std::uint64_t node = old_tree.size.value - 1;
  std::uint64_t last = new_tree.size.value - 1;
  while ((node & 1) != 0) {
    node >>= 1;
    last >>= 1;
  }
  // A power of two is a subtree of the new tree, and its root is not repeated in the proof.
  auto next = proof.begin();
  NodeHash old_hash = AsNode(old_tree.root);
  if (!std::has_single_bit(old_tree.size.value)) {
    if (next == proof.end()) return WrongProof("consistency", "has too few hashes");
    old_hash = *next++;
  }
  NodeHash new_hash = old_hash;
  for (; next != proof.end(); ++next) {
    if (last == 0) return WrongProof("consistency", "has too many hashes");
    if ((node & 1) != 0 || node == last) {
      old_hash = HashChildren(*next, old_hash);
      new_hash = HashChildren(*next, new_hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      new_hash = HashChildren(new_hash, *next);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return WrongProof("consistency", "has too few hashes");
  if (AsRoot(old_hash) != old_tree.root) {
    return WrongProof("consistency", "does not lead to the old root");
  }
  if (AsRoot(new_hash) != new_tree.root) {
    return WrongProof("consistency", "does not lead to the new root");
  }
  return {};
}

}  // namespace exhibit::tlog
