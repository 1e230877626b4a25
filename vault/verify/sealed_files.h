// The sealed files that the check of a log leaves to be checked.
//
// Of each only its position stays, eight bytes, because a log may have millions. When its turn comes its entry is read
// again, and must be the one that was replayed.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "vault/verify/leaf_notes.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/reseal_notes.h"

namespace exhibit::verify {

// An entry with a sealed file, and what the log says of that file.
struct SealedEntry {
  tlog::Sequence sequence;
  custody::SealedFile file;
  std::vector<Rewrapped> rewrapped = {};  // headers that reseal entries made anew for it, and that must be there
  std::string_view type = "item";         // of the entry, as it says it
  // kMayBeMissing: it was destroyed under a reseal entry, or a bundle need not have it.
  enum class OwnHeader : std::uint8_t { kMustBeThere, kMayBeMissing } own_header = OwnHeader::kMustBeThere;

  // An original is evidence; acts have fields alone.
  bool HasOriginal() const { return type == "item" || type == "omission"; }
};

class SealedFiles {
 public:
  // None.
  SealedFiles() = default;
  // `positions` of replayed entries, ascending; `proven` are entries before the replay, which a kept checkpoint proves.
  // REQUIRES: the source outlives this.
  SealedFiles(const Source& source, std::vector<tlog::Sequence> positions, std::map<tlog::Sequence, SealedEntry> proven,
              LeafNotes leaves, ResealNotes reseals);

  std::size_t count() const { return positions_.size(); }
  tlog::Sequence position(std::size_t i) const { return positions_[i]; }
  // count() if it is none of them.
  std::size_t IndexOf(tlog::Sequence position) const;
  // kTampered if the entry is not the one that was replayed; errors of the source. May be called by several threads.
  Result<SealedEntry> Read(std::size_t i) const;

 private:
  Result<SealedEntry> ReadAgain(tlog::Sequence at) const;

  const Source* source_ = nullptr;
  std::vector<tlog::Sequence> positions_;  // of all, ascending
  std::map<tlog::Sequence, SealedEntry> proven_;
  LeafNotes leaves_;
  ResealNotes reseals_;
};

}  // namespace exhibit::verify
