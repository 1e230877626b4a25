// What the entries of a log say of the sealed files of earlier ones: which were shredded, and which headers were made anew or
// destroyed. Known before a copy begins, so that it holds back what the log's end says is gone.
#pragma once

#include <map>

#include "vault/session/vault_reader.h"
#include "vault/verify/reseal_notes.h"

namespace exhibit::work {

class LaterSaid {
 public:
  // By the index of acts. `state` is the one at the head of `source`. Memory: a few words for each item that a reseal names.
  static Result<LaterSaid> Read(const VaultReader& source, const custody::State& state);

  bool IsShredded(tlog::Sequence at) const { return shredded_.Has(at.value); }
  const custody::PositionRanges& shredded() const { return shredded_; }
  // The last reseal entry under which headers of this item were destroyed, by item.
  const std::map<tlog::Sequence, tlog::Sequence>& destroyed_under() const { return destroyed_under_; }
  bool OwnHeaderIsDestroyed(tlog::Sequence item) const { return destroyed_under_.contains(item); }
  // The headers that reseal entries made anew and that were destroyed since, each with the entry that made it.
  std::vector<std::pair<tlog::Sequence, tlog::Sequence>> DestroyedHeaders() const;
  // The headers that this reseal entry made anew and that are still to be there.
  std::vector<std::pair<tlog::Sequence, verify::Rewrapped>> KeptOf(const custody::Reseal& reseal,
                                                                   tlog::Sequence under) const;

  // Whether all that this entry brought is still to be there. A log that ends before the entry that says why not would seem
  // to have lost it.
  bool IsWhole(const custody::SignedEntry& entry) const;

 private:
  custody::PositionRanges shredded_;
  std::map<tlog::Sequence, tlog::Sequence> destroyed_under_;
  std::vector<std::pair<tlog::Sequence, tlog::Sequence>> made_anew_;  // item, and the entry under which
  bool IsDestroyed(tlog::Sequence item, tlog::Sequence under) const;
};

}  // namespace exhibit::work
