#include "vault/tlog/subtree_proof.h"

#include <bit>
#include <string>

#include "vault/base/format.h"

namespace exhibit::tlog {
namespace {

std::string RangeText(std::uint64_t begin, std::uint64_t end) { return Format("[{}, {})", begin, end); }

Failure WrongProof(const Subtree& range, std::string_view why) {
  return Fail(ErrorCode::kTampered,
              Format("subtree consistency proof of {}: {}", RangeText(range.begin().value, range.end().value), why));
}

}  // namespace

Result<Subtree> Subtree::Create(Sequence begin, TreeSize end) {
  if (end.value < begin.value) {
    return Fail(ErrorCode::kInvalid, Format("subtree {}: ends before it begins", RangeText(begin.value, end.value)));
  }
  const std::uint64_t length = end.value - begin.value;
  // Above 2^63 the next power of two is 2^64, of which only 0 is a multiple.
  constexpr std::uint64_t kTop = std::uint64_t{1} << 63;
  const bool aligned = length > kTop ? begin.value == 0 : begin.value % std::bit_ceil(length) == 0;
  if (!aligned) {
    return Fail(ErrorCode::kInvalid,
                Format("subtree {}: the beginning is not aligned to the length", RangeText(begin.value, end.value)));
  }
  return Subtree(begin, end);
}

Result<void> CheckSubtreeInclusion(const LeafHash& leaf, Sequence position, const SubtreeRoot& subtree,
                                   const ProofHashes& proof) {
  const std::uint64_t begin = subtree.range.begin().value;
  const std::uint64_t end = subtree.range.end().value;
  if (position.value < begin || position.value >= end) {
    return Fail(ErrorCode::kInvalid,
                Format("subtree inclusion proof: position {} is not in {}", position, RangeText(begin, end)));
  }
  auto result = CheckInclusion(leaf, {position.value - begin}, {subtree.range.length()}, proof, subtree.root);
  if (!result) return Fail(std::move(result).error().In("subtree " + RangeText(begin, end)));
  return {};
}

Result<void> CheckSubtreeConsistency(const SubtreeRoot& subtree, const SignedSize& tree, const ProofHashes& proof) {
  const Subtree& range = subtree.range;
  if (range.end() > tree.size) {
    return Fail(ErrorCode::kInvalid, Format("subtree {}: ends after a tree of {}",
                                            RangeText(range.begin().value, range.end().value), tree.size));
  }
  if (range.length() == 0) {
    if (!proof.empty()) return WrongProof(range, "has hashes, though the subtree is empty");
    if (subtree.root != EmptyRoot()) return WrongProof(range, "does not lead to the subtree");
    return {};
  }
  // The nodes of the subtree's first and last entry and of the tree's last, as one walks upwards.
  std::uint64_t first = range.begin().value;
  std::uint64_t last = range.end().value - 1;
  std::uint64_t edge = tree.size.value - 1;
  // Up to the first node that the proof names. If the subtree reaches the edge of the tree, that is
  // its own root; else it is the largest perfect subtree at its right end.
  const bool at_edge = last == edge;
  while (first != last && (at_edge || (last & 1) != 0)) {
    first >>= 1;
    last >>= 1;
    edge >>= 1;
  }
  auto next = proof.begin();
  NodeHash subtree_hash = AsNode(subtree.root);
  if (first != last) {
    if (next == proof.end()) return WrongProof(range, "has too few hashes");
    subtree_hash = *next++;
  }
  NodeHash tree_hash = subtree_hash;
  for (; next != proof.end(); ++next) {
    if (edge == 0) return WrongProof(range, "has too many hashes");
    if ((last & 1) != 0 || last == edge) {
      // A left sibling belongs to the subtree as long as the subtree reaches further left.
      if (first < last) subtree_hash = HashChildren(*next, subtree_hash);
      tree_hash = HashChildren(*next, tree_hash);
      while ((last & 1) == 0) {
        first >>= 1;
        last >>= 1;
        edge >>= 1;
      }
    } else {
      tree_hash = HashChildren(tree_hash, *next);
    }
    first >>= 1;
    last >>= 1;
    edge >>= 1;
  }
  if (edge != 0) return WrongProof(range, "has too few hashes");
  if (AsRoot(subtree_hash) != subtree.root) {
    return WrongProof(range, "does not lead to the subtree");
  }
  if (AsRoot(tree_hash) != tree.root) return WrongProof(range, "does not lead to the tree");
  return {};
}

}  // namespace exhibit::tlog
