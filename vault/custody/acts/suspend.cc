#include "vault/custody/acts/suspend.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

Result<void> Suspend::Check(const Judging& at) const {
  const Person by = at.facts.FindPresent(at.entry.actor)->person;
  if (person == by) return Refused("nobody suspends himself");
  if (!at.facts.Present().contains(person)) return Refused(NameOf(person) + " has no admitted key");
  if (at.facts.Stopped().contains(person)) return Refused(NameOf(person) + " is stopped already");
  if (!at.facts.suspended_before.contains({by, person})) return {};
  return Refused(NameOf(by) + " suspended " + NameOf(person) + " before, and does so once",
                 "another custodian can suspend them");
}

void Suspend::Apply(Facts& facts, const Entry& entry) const {
  const Person by = facts.FindPresent(entry.actor)->person;
  facts.suspensions.emplace(entry.sequence, Suspension{by, {person}});
  facts.suspended_before.emplace(by, person);
}

}  // namespace exhibit::custody
