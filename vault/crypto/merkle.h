// The Merkle tree of RFC 6962 section 2.1.
//
//   MTH({})    = SHA-256("")
//   leaf(d)    = SHA-256(0x00 || d)
//   node(l, r) = SHA-256(0x01 || l || r)
//   MTH(D[n])  = node(MTH(D[0:k]), MTH(D[k:n])),  k = the largest power of two below n
//
// The prefixes keep a node from being passed off as a leaf, as long as whoever verifies hashes the
// entry's bytes himself: nothing here takes a leaf hash from a stranger.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "vault/base/bytes.h"

namespace exhibit::crypto {

struct LeafHashTag;
struct NodeHashTag;
struct RootHashTag;
using LeafHash = Fixed<LeafHashTag, 32>;  // of a leaf: an entry, or a block of a payload
using NodeHash = Fixed<NodeHashTag, 32>;  // of a perfect subtree, a single leaf included
using RootHash = Fixed<RootHashTag, 32>;  // of a whole tree

LeafHash HashLeaf(ByteView entry);
NodeHash HashChildren(const NodeHash& left, const NodeHash& right);
RootHash EmptyRoot();

// The same 32 bytes under the name that fits their place.
NodeHash AsNode(const LeafHash& leaf);
NodeHash AsNode(const RootHash& root);
RootHash AsRoot(const NodeHash& node);

// The right edge of a growing tree: the roots of the perfect subtrees that n leaves fall into, one
// for each bit of n. Small, copied freely; a copy kept is the way back.
class CompactRange {
 public:
  // O(1) hashes on the average, O(log n) at most.
  void Append(const LeafHash& leaf);
  // Appends a perfect subtree of 2^level leaves. REQUIRES: size() is a multiple of 2^level.
  void AppendSubtree(const NodeHash& node, int level);

  std::uint64_t size() const { return size_; }
  RootHash Root() const;

 private:
  std::uint64_t size_ = 0;
  int depth_ = 0;
  std::array<NodeHash, 64> nodes_;  // from the left, largest first; depth_ of them
};

// MTH over a list of subtree roots of equal size (leaf hashes, or hashes of a tile).
// REQUIRES: not empty.
NodeHash HashOf(std::span<const NodeHash> nodes);

}  // namespace exhibit::crypto
