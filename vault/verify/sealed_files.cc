#include "vault/verify/sealed_files.h"

#include <algorithm>
#include <utility>

#include "vault/verify/read_entry.h"

namespace exhibit::verify {

SealedFiles::SealedFiles(const Source& source, std::vector<tlog::Sequence> positions,
                         std::map<tlog::Sequence, SealedEntry> proven, LeafNotes leaves, ResealNotes reseals)
    : source_(&source),
      positions_(std::move(positions)),
      proven_(std::move(proven)),
      leaves_(std::move(leaves)),
      reseals_(std::move(reseals)) {
  for (auto before = proven_.rbegin(); before != proven_.rend(); ++before) {
    positions_.insert(positions_.begin(), before->first);
  }
}

std::size_t SealedFiles::IndexOf(tlog::Sequence position) const {
  const auto found = std::ranges::lower_bound(positions_, position);
  if (found == positions_.end() || *found != position) return count();
  return static_cast<std::size_t>(found - positions_.begin());
}

Result<SealedEntry> SealedFiles::Read(std::size_t i) const {
  const auto proven = proven_.find(positions_[i]);
  return proven == proven_.end() ? ReadAgain(positions_[i]) : proven->second;
}

Result<SealedEntry> SealedFiles::ReadAgain(tlog::Sequence at) const {
  TRY(Bytes bytes, source_->ReadEntry(at));
  if (tlog::HashLeaf(bytes) != leaves_.leaves()[static_cast<std::size_t>(at.value - leaves_.first())]) {
    return Fail(ErrorCode::kTampered, "changed while it was verified");
  }
  TRY(const custody::SignedEntry entry, ParseEntryAt(std::move(bytes), at));
  const custody::Entry& parsed = entry.parsed();
  SealedEntry read{at, *parsed.sealed, {}, custody::FormOf(parsed.body).type};
  ResealNotes::Headers headers = reseals_.Of(at);
  read.rewrapped = std::move(headers.rewrapped);
  if (headers.own_destroyed_under) read.own_header = SealedEntry::OwnHeader::kMayBeMissing;
  return read;
}

}  // namespace exhibit::verify
