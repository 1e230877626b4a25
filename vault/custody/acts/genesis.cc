#include "vault/custody/acts/genesis.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

Result<void> Genesis::CheckFormIn(const tlog::Origin& origin) const {
  if (recipient.suite() != suite) return Fail(ErrorCode::kInvalid, "\"recipient\" is of another suite than \"suite\"");
  if (custodian.person.number != 1) return Fail(ErrorCode::kInvalid, "\"custodian\": the first person is not 1");
  TRY_VOID(custodian.CheckIsCustodian());
  TRY_VOID(custodian.CheckHandle(origin));
  TRY_VOID(CheckLogNames(log, origin));
  return CheckRecoveryName(recovery, origin);
}

Result<void> Genesis::Check(const Judging& /*at*/) const { return Refused("a second genesis"); }
void Genesis::Apply(Facts& /*facts*/, const Entry& /*entry*/) const {}

}  // namespace exhibit::custody
