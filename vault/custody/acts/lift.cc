#include "vault/custody/acts/lift.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

// Check has all of its rules, because they depend on who signs.
bool Lift::NeedsTwo(const Judging& /*at*/) const { return false; }

Result<void> Lift::Check(const Judging& at) const {
  const auto found = at.facts.suspensions.find(suspend);
  if (found == at.facts.suspensions.end() || !found->second.stopped.contains(person)) {
    return Refused("no suspension of " + NameOf(person) + " by " + NameOf(suspend) + " is in force");
  }
  const Person actor = at.facts.FindPresent(at.entry.actor)->person;
  const std::set<Person> stopped = at.facts.Stopped();
  const bool has_cosigner = at.entry.cosigner.has_value();
  if (has_cosigner && stopped.contains(at.facts.FindPresent(*at.entry.cosigner)->person)) {
    return Refused("the cosigner is stopped by a suspension");
  }
  if (found->second.by == actor) {
    if (at.facts.Stopped(suspend).contains(actor))
      return Refused("another suspension stops " + NameOf(actor) + ", who made this one");
    if (has_cosigner || !at.facts.two.Has(Ruled::kLift)) return {};
    return Denied("the rule of this vault asks for two persons to lift; one signed",
                  "let another custodian sign too: --cosigner-key FILE");
  }
  if (stopped.contains(actor)) return Refused(NameOf(actor) + " is stopped by a suspension, and did not make this one");
  if (has_cosigner) return {};
  std::set<Person> free = at.facts.Custodians();
  std::erase_if(free, [&](Person one) { return stopped.contains(one); });
  if (free == std::set{actor}) return {};
  return Denied("two persons who are not stopped lift a suspension; one signed",
                "let another custodian sign too: --cosigner-key FILE");
}

void Lift::Apply(Facts& facts, const Entry& /*entry*/) const { facts.suspensions.at(suspend).stopped.erase(person); }

}  // namespace exhibit::custody
