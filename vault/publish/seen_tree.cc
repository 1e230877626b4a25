#include "vault/publish/seen_tree.h"

#include "vault/base/format.h"

namespace exhibit::publish {
namespace {

Failure NotSeen(tlog::TreeSize size) {
  return Fail(ErrorCode::kNotFound, Format("what was kept of the log does not reach to size {}", size));
}

}  // namespace

Result<SeenTree> SeenTree::Decode(ByteView bytes) {
  if (bytes.size() > kMaxSeenTreeBytes || bytes.size() % tlog::LeafHash::kSize != 0) {
    return Fail(ErrorCode::kInvalid, "is not a number of whole hashes, or too long");
  }
  SeenTree tree;
  tree.leaves_.reserve(bytes.size() / tlog::LeafHash::kSize);
  for (; !bytes.empty(); bytes = bytes.subspan(tlog::LeafHash::kSize)) {
    tree.leaves_.push_back(*tlog::LeafHash::From(bytes.first(tlog::LeafHash::kSize)));
  }
  return tree;
}

Bytes SeenTree::Encode() const {
  Bytes bytes;
  bytes.reserve(leaves_.size() * tlog::LeafHash::kSize);
  for (const tlog::LeafHash& leaf : leaves_) Append(bytes, leaf.view());
  return bytes;
}

Result<SeenTree> SeenTree::ContinuedAt(tlog::TreeSize size, std::span<const tlog::LeafHash> more) const {
  if (size.value > leaves_.size()) return NotSeen(size);
  std::vector<tlog::LeafHash> leaves(leaves_.begin(), leaves_.begin() + static_cast<std::ptrdiff_t>(size.value));
  leaves.insert(leaves.end(), more.begin(), more.end());
  return SeenTree(std::move(leaves));
}

Result<tlog::RootHash> SeenTree::RootAt(tlog::TreeSize size) const {
  if (size.value > leaves_.size()) return NotSeen(size);
  tlog::CompactRange range;
  for (std::size_t i = 0; i < size.value; ++i) range.Append(leaves_[i]);
  return range.Root();
}

}  // namespace exhibit::publish
