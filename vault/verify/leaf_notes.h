// The leaf hash of each entry as it was read, and whether it has a sealed file: a source that gives other bytes the second
// time gains nothing by it. 32 bytes an entry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vault/tlog/tree.h"

namespace exhibit::verify {

class LeafNotes {
 public:
  void Reserve(std::size_t count) {
    leaves_.reserve(count);
    has_sealed_file_.reserve(count);
  }
  // Notes begin at this entry; a kept checkpoint proves those before it. REQUIRES: there are none yet.
  void BeginAt(std::uint64_t first) { first_ = first; }
  void Add(const tlog::LeafHash& leaf, bool has_sealed_file) {
    leaves_.push_back(leaf);
    has_sealed_file_.push_back(has_sealed_file);
  }

  std::uint64_t first() const { return first_; }
  std::uint64_t end() const { return first_ + leaves_.size(); }
  const std::vector<tlog::LeafHash>& leaves() const { return leaves_; }
  // False, too, for an entry that was not noted.
  bool HasSealedFile(std::uint64_t at) const {
    return at >= first_ && at < end() && has_sealed_file_[static_cast<std::size_t>(at - first_)];
  }

 private:
  std::uint64_t first_ = 0;
  std::vector<tlog::LeafHash> leaves_;
  std::vector<bool> has_sealed_file_;
};

}  // namespace exhibit::verify
