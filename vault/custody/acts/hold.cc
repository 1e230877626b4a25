#include "vault/custody/acts/hold.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

Result<void> Hold::Check(const Judging& at) const { return CheckNotShredded(at.facts, items); }

void Hold::Apply(Facts& facts, const Entry& entry) const {
  Holds& holds = facts.holds.Change();
  holds.held.emplace(entry.sequence, PositionRanges(items));
  holds.counts.Add(items);
}

}  // namespace exhibit::custody
