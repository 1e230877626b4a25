// Compares the tree that a source keeps with the one that the entries make: each tile as soon as it is complete, those at
// the right edge after the last entry, and the signed root.
#pragma once

#include <cstdint>
#include <map>

#include "vault/tlog/tree.h"
#include "vault/verify/report.h"
#include "vault/verify/source.h"

namespace exhibit::verify {

class TreeCheck {
 public:
  // Adds findings to `report`, which has the head. REQUIRES: both outlive this.
  TreeCheck(const Source& source, Report& report) : source_(source), report_(report) {}

  // Starts after entries that were proven before. REQUIRES: nothing was appended yet.
  void Resume(tlog::GrowingTree tree) { tree_ = std::move(tree); }
  void Append(const tlog::LeafHash& leaf) { tree_.Append(leaf); }
  // An entry is missing: the hashes above it, and the root, cannot be computed.
  void MissLeaf() { is_complete_ = false; }
  bool is_complete() const { return is_complete_; }

  // Checks every tile that was completed since the last call. kIo for the first that could not be read.
  Result<void> CheckTiles();
  void CheckRoot();

 private:
  Result<void> CheckTile(const tlog::GrowingTree::Tile& computed);

  const Source& source_;
  Report& report_;
  tlog::GrowingTree tree_;
  std::map<std::uint32_t, tlog::GrowingTree::Tile> edge_;  // the last partial tile seen of each level
  bool is_complete_ = true;
};

}  // namespace exhibit::verify
