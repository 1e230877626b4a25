#include "vault/custody/acts/admit.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

// Any rule asks two for it: else one who is alone admits a second self.
bool Admit::NeedsTwo(const Judging& at) const { return !at.facts.two.empty(); }

Result<void> Admit::Check(const Judging& at) const { return CheckAdmission(at.facts, custodian); }

void Admit::Apply(Facts& facts, const Entry& entry) const {
  facts.Take(custodian.key, custodian.roles, custodian.person, entry.sequence, entry.time,
             entry.cosigner ? std::nullopt : std::optional(entry.actor));
}

}  // namespace exhibit::custody
