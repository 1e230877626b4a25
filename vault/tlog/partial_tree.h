// A tree of which some leaves are known, and of the rest the hashes of the largest subtrees without any of them. Exactly
// these hashes are needed to compute the root: none that is part of another, none of a known leaf, none missing.
//
//   level, index   the leaves from index * 2^level on, to (index + 1) * 2^level - 1 or the last of the tree
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>

#include "vault/base/error.h"
#include "vault/tlog/merkle.h"

namespace exhibit::tlog {

struct HiddenSubtree {
  int level = 0;
  std::uint64_t index = 0;
  NodeHash hash;
  bool operator==(const HiddenSubtree&) const = default;
};

// The level of the smallest full subtree that has so many leaves. REQUIRES: leaves > 0.
inline int LevelOver(std::uint64_t leaves) { return static_cast<int>(std::bit_width(leaves - 1)); }

// The hash over the leaves from `begin` to before `end`, of which `known` ascend. Asks `hidden` (level, index, begin, end)
// for that of each subtree without a known leaf, and `leaf` (position) for that of each known leaf, in order of position.
// The errors are theirs. REQUIRES: begin < end; the stretch is a tree, or a subtree of one.
template <typename OnHidden, typename OnLeaf>
Result<NodeHash> WalkPartialTree(std::uint64_t begin, std::uint64_t end, std::span<const std::uint64_t> known,
                                 OnHidden& hidden, OnLeaf& leaf) {
  if (known.empty()) return hidden(LevelOver(end - begin), begin >> LevelOver(end - begin), begin, end);
  if (end - begin == 1) return leaf(begin);
  const std::uint64_t middle = begin + (std::uint64_t{1} << (LevelOver(end - begin) - 1));
  const auto split = static_cast<std::size_t>(std::ranges::lower_bound(known, middle) - known.begin());
  TRY(const NodeHash left, WalkPartialTree(begin, middle, known.first(split), hidden, leaf));
  TRY(const NodeHash right, WalkPartialTree(middle, end, known.subspan(split), hidden, leaf));
  return HashChildren(left, right);
}

}  // namespace exhibit::tlog
