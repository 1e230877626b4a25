#include "vault/crypto/merkle.h"

#include <bit>

#include "vault/base/error.h"
#include "vault/crypto/hash.h"

namespace exhibit::crypto {
namespace {

constexpr std::array<std::uint8_t, 1> kLeafPrefix = {0x00};
constexpr std::array<std::uint8_t, 1> kNodePrefix = {0x01};

}  // namespace

LeafHash HashLeaf(ByteView entry) { return *LeafHash::From(Sha256({kLeafPrefix, entry}).view()); }

NodeHash HashChildren(const NodeHash& left, const NodeHash& right) {
  // In one piece: three small updates cost more than the copy.
  std::array<std::uint8_t, 65> message;
  message[0] = kNodePrefix[0];
  std::ranges::copy(left.view(), message.begin() + 1);
  std::ranges::copy(right.view(), message.begin() + 33);
  return *NodeHash::From(Sha256(ByteView(message)).view());
}

RootHash EmptyRoot() { return *RootHash::From(Sha256(ByteView()).view()); }

NodeHash AsNode(const LeafHash& leaf) { return *NodeHash::From(leaf.view()); }
NodeHash AsNode(const RootHash& root) { return *NodeHash::From(root.view()); }
RootHash AsRoot(const NodeHash& node) { return *RootHash::From(node.view()); }

void CompactRange::Append(const LeafHash& leaf) { AppendSubtree(AsNode(leaf), 0); }

void CompactRange::AppendSubtree(const NodeHash& node, int level) {
  EXHIBIT_ASSERT(level >= 0 && level < 64 && size_ % (std::uint64_t{1} << level) == 0);
  NodeHash carried = node;
  for (std::uint64_t bits = size_ >> level; (bits & 1) != 0; bits >>= 1) {
    carried = HashChildren(nodes_[static_cast<std::size_t>(--depth_)], carried);
  }
  nodes_[static_cast<std::size_t>(depth_++)] = carried;
  size_ += std::uint64_t{1} << level;
}

RootHash CompactRange::Root() const {
  if (size_ == 0) return EmptyRoot();
  auto at = static_cast<std::size_t>(depth_ - 1);
  NodeHash root = nodes_[at];
  while (at > 0) root = HashChildren(nodes_[--at], root);
  return AsRoot(root);
}

NodeHash HashOf(std::span<const NodeHash> nodes) {
  EXHIBIT_ASSERT(!nodes.empty());
  CompactRange range;
  for (const NodeHash& node : nodes) range.AppendSubtree(node, 0);
  return AsNode(range.Root());
}

}  // namespace exhibit::crypto
