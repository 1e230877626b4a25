#include "vault/custody/acts/recovery.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

Result<void> Recovery::CheckFormIn(const tlog::Origin& origin) const {
  TRY_VOID(custodian.CheckIsCustodian());
  TRY_VOID(custodian.CheckHandle(origin));
  return CheckRecoveryName(recovery, origin);
}

Result<void> Recovery::Check(const Judging& at) const {
  if (custodian.person.number != at.facts.highest.number + 1)
    return Refused("a recovery admits a new person, and this one is not");
  return CheckAdmission(at.facts, custodian);
}

void Recovery::Apply(Facts& facts, const Entry& entry) const {
  const std::set<Person> others = facts.Custodians();
  facts.Take(custodian.key, custodian.roles, custodian.person, entry.sequence, entry.time, std::nullopt);
  facts.suspensions.clear();
  if (!others.empty()) facts.suspensions.emplace(entry.sequence, Suspension{std::nullopt, others});
  facts.two = {};
  facts.SetRecovery(recovery, entry.sequence);
  facts.recoveries.push_back(entry.sequence);
}

}  // namespace exhibit::custody
