// What reseal entries say about the sealed files of earlier entries, noted as the log is replayed.
#pragma once

#include <map>
#include <vector>

#include "vault/custody/facts.h"
#include "vault/verify/file_key.h"
#include "vault/verify/leaf_notes.h"
#include "vault/verify/report.h"

namespace exhibit::verify {

class ResealNotes {
 public:
  // REQUIRES: the rules accepted it.
  void Add(const custody::Entry& entry);

  // The headers that were made anew for an entry's sealed file, in the order of the log; none if it was not resealed.
  std::vector<Rewrapped> Of(tlog::Sequence item) const;

  // Adds a remark: how many of the replayed items are still sealed only to a key that was replaced since.
  void RemarkUnfinished(const custody::Facts& facts, const LeafNotes& leaves, Report& report) const;

 private:
  std::map<tlog::Sequence, std::vector<Rewrapped>> by_item_;
};

}  // namespace exhibit::verify
