#include "vault/custody/acts/retire.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

bool Retire::NeedsTwo(const Judging& at) const {
  const Membership* const actor = at.facts.FindPresent(at.entry.actor);
  const Membership* const other = at.facts.FindPresent(retired);
  const bool is_others = actor != nullptr && other != nullptr && actor->person != other->person;
  return (is_others && at.facts.two.Has(Ruled::kRetire)) || at.facts.CastsDoubt(retired, compromised_since);
}

Result<void> Retire::Check(const Judging& at) const {
  const Membership* const member = at.facts.FindPresent(retired);
  if (member == nullptr) return Refused("key " + Printable(retired.text()) + " is not admitted, and cannot be retired");
  if (!member->roles.Has(Role::kCustodian)) return {};
  Facts after = at.facts;
  after.End(retired, at.entry.sequence);
  const std::size_t left = after.Custodians().size();
  if (left == 0)
    return Refused(Printable(retired.text()) + " is the last custodian, without whom nobody could be admitted");
  if (left > 1 || at.facts.two.empty()) return {};
  return Refused("one custodian would be left, and the rule of this vault asks for two persons",
                 "admit another custodian first, or end the rule");
}

void Retire::Apply(Facts& facts, const Entry& entry) const {
  facts.End(retired, entry.sequence);
  if (compromised_since) facts.compromises.emplace(entry.sequence, Compromise{retired, false, *compromised_since});
}

}  // namespace exhibit::custody
