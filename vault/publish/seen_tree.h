// The tree of a log as far as a verifier has seen it: its leaf hashes, one after another, 32 bytes each.
//
// A verifier keeps them beside the checkpoint that it verified. So it can tell whether a copy with an older
// checkpoint is the beginning of what it saw (a copy that lags) or another history: the root of every
// earlier size follows from them. They are trusted only if they make the root of a checkpoint that was kept.
#pragma once

#include <span>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/tlog/merkle.h"
#include "vault/tlog/sequence.h"

namespace exhibit::publish {

// 64 MiB. Nothing is kept of a longer log, and then an older copy cannot be told from another history.
inline constexpr std::size_t kMaxSeenLeaves = std::size_t{1} << 21;
inline constexpr std::size_t kMaxSeenTreeBytes = kMaxSeenLeaves * tlog::LeafHash::kSize;

class SeenTree {
 public:
  SeenTree() = default;
  explicit SeenTree(std::vector<tlog::LeafHash> leaves) : leaves_(std::move(leaves)) {}
  // kInvalid if these are not whole hashes, or too many.
  static Result<SeenTree> Decode(ByteView bytes);
  Bytes Encode() const;

  tlog::TreeSize size() const { return {leaves_.size()}; }

  // The same up to `size`, and `more` from there on. kNotFound if it does not reach so far.
  Result<SeenTree> ContinuedAt(tlog::TreeSize size, std::span<const tlog::LeafHash> more) const;

  // kNotFound for more than was seen. A pass over all leaves before.
  Result<tlog::RootHash> RootAt(tlog::TreeSize size) const;

 private:
  std::vector<tlog::LeafHash> leaves_;
};

}  // namespace exhibit::publish
