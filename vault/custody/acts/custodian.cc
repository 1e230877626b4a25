#include "vault/custody/acts/custodian.h"

#include "vault/base/text.h"

namespace exhibit::custody {

Result<void> Custodian::CheckHandle(const tlog::Origin& origin) const {
  if (HandleNumber(key.name().text(), origin)) return {};
  return Fail(ErrorCode::kInvalid, "\"custodian\": the key's name " + Printable(key.name().text()) +
                                       " is no handle of this vault, such as " + HandleOf(origin, 1));
}

Result<void> Custodian::CheckIsCustodian() const {
  if (roles.Has(Role::kCustodian)) return {};
  return Fail(ErrorCode::kInvalid, "\"custodian\": the roles are without custodian");
}

Result<void> CheckRecoveryName(const std::optional<tlog::VerifierKey>& recovery, const tlog::Origin& origin) {
  if (!recovery || recovery->name().text() == RecoveryKeyName(origin)) return {};
  return Fail(ErrorCode::kInvalid, "\"recovery\": the key's name is not " + RecoveryKeyName(origin));
}

Result<void> CheckLogNames(const LogKeyList& keys, const tlog::Origin& origin) {
  const tlog::KeyName& name = origin.as_key_name();
  if (keys.ed25519.name() == name && (!keys.ml_dsa || keys.ml_dsa->name() == name)) return {};
  return Fail(ErrorCode::kInvalid, "\"log\": a key's name is not the origin");
}

}  // namespace exhibit::custody
