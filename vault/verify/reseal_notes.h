// What reseal entries say about the sealed files of earlier entries, noted as the log is replayed.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "vault/custody/facts.h"
#include "vault/verify/leaf_notes.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/report.h"

namespace exhibit::verify {

class ResealNotes {
 public:
  // REQUIRES: the rules accepted it.
  void Add(const custody::Entry& entry);

  // What is left of the headers of an entry's sealed file.
  struct Headers {
    std::vector<Rewrapped> rewrapped;  // made anew and not destroyed since, in the order of the log
    std::optional<tlog::Sequence> own_destroyed_under = {};  // the first entry that destroyed its own header
  };
  Headers Of(tlog::Sequence item) const;
  // The items whose own header was destroyed, each with the entry under which that was.
  std::vector<std::pair<tlog::Sequence, tlog::Sequence>> OwnDestroyed() const;

  // Adds a remark: how many of the replayed items are still sealed only to a key that was replaced since.
  void RemarkUnfinished(const custody::Facts& facts, const LeafNotes& leaves, Report& report) const;

 private:
  std::map<tlog::Sequence, Headers> by_item_;
};

}  // namespace exhibit::verify
