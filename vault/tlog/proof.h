// Inclusion and consistency proofs (RFC 6962 section 2.1.1 and 2.1.2, checked as RFC 9162 section
// 2.1.3.2 and 2.1.4.2 say).
//
// An inclusion proof shows that an entry is at a position of a tree; a consistency proof, that
// a tree is the beginning of a larger one. Both are a few hashes and need no key and no log to
// check.
#pragma once

#include <vector>

#include "vault/base/error.h"
#include "vault/tlog/merkle.h"
#include "vault/tlog/sequence.h"
#include "vault/tlog/tree.h"

namespace exhibit::tlog {

// A tree of 2^64 leaves has proofs of 64 hashes; nobody honest sends more.
inline constexpr std::size_t kMaxProofHashes = 63;

// From the leaf's sibling to the root's child.
using ProofHashes = std::vector<NodeHash>;

// Read from tiles, O(log n) of them. kInvalid unless position < size.
Result<ProofHashes> ProveInclusion(const TileReader& tiles, Sequence position, TreeSize size);

// kInvalid unless 0 < old_size <= new_size; equal sizes have an empty proof.
Result<ProofHashes> ProveConsistency(const TileReader& tiles, TreeSize old_size, TreeSize new_size);

// kInvalid if position >= size; kTampered if the proof has the wrong length or gives another root.
Result<void> CheckInclusion(const LeafHash& leaf, Sequence position, TreeSize size, const ProofHashes& proof,
                            const RootHash& root);

struct SignedSize {
  TreeSize size;
  RootHash root;
};
// kInvalid unless 0 < old.size <= new.size (an empty tree is the beginning of every tree, which proves
// nothing; callers decide what it means to them); kTampered if the proof does not fit.
Result<void> CheckConsistency(const SignedSize& old_tree, const SignedSize& new_tree, const ProofHashes& proof);

}  // namespace exhibit::tlog
