#include "vault/custody/acts/lost_head.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

bool LostHead::NeedsTwo(const Judging& at) const { return at.facts.two.Has(Ruled::kLostHead); }
Result<void> LostHead::Check(const Judging& at) const { return at.facts.log_keys->Check(lost); }
void LostHead::Apply(Facts& facts, const Entry& entry) const {
  facts.lost_heads.emplace(entry.sequence, lost.checkpoint());
}

}  // namespace exhibit::custody
