// Proofs about a range of entries: that an entry is in a range, and that a range is in a
// log (draft-ietf-plants-merkle-tree-certs, "Subtrees").
//
// A subtree is a range [begin, end) whose Merkle hash can be related to the trees of the log by a
// few hashes: `begin` is a multiple of the smallest power of two that holds the range. It
// generalises both proofs of proof.h: with begin 0 a subtree is an earlier tree, and a range of one
// entry is a leaf. The root of a subtree is MTH(D[begin:end]), as if its entries were a log of
// their own.
#pragma once

#include <cstdint>

#include "vault/base/error.h"
#include "vault/tlog/merkle.h"
#include "vault/tlog/proof.h"
#include "vault/tlog/sequence.h"

namespace exhibit::tlog {

class Subtree {
 public:
  // The entries from `begin` on that a tree of `end` has. kInvalid if `end` is before `begin`, or
  // `begin` is not aligned to the length.
  static Result<Subtree> Create(Sequence begin, TreeSize end);

  Sequence begin() const { return begin_; }
  TreeSize end() const { return end_; }
  std::uint64_t length() const { return end_.value - begin_.value; }

 private:
  Subtree(Sequence begin, TreeSize end) : begin_(begin), end_(end) {}
  Sequence begin_;
  TreeSize end_;
};

struct SubtreeRoot {
  Subtree range;
  RootHash root;
};

// kInvalid if `position` is not in the subtree; kTampered if the proof has the wrong length or does
// not lead from `leaf` to the subtree's root.
Result<void> CheckSubtreeInclusion(const LeafHash& leaf, Sequence position, const SubtreeRoot& subtree,
                                   const ProofHashes& proof);

// kInvalid if the subtree ends after the tree; kTampered if the proof has the wrong length or does
// not lead to both roots. An empty subtree has the empty root and an empty proof. It says nothing
// about the tree, so the tree's root is not compared.
Result<void> CheckSubtreeConsistency(const SubtreeRoot& subtree, const SignedSize& tree, const ProofHashes& proof);

}  // namespace exhibit::tlog
