// A key and the person behind it, as a genesis, an admission and a recovery name them:
// {"person":1,"key":"…","roles":["custodian"]}. Names of people are fields.
#pragma once

#include <tuple>

#include "vault/custody/forms.h"
#include "vault/custody/role.h"

namespace exhibit::custody {

struct Custodian {
  Person person;
  tlog::VerifierKey key;
  Roles roles;
  static constexpr auto kMembers = std::tuple(Member{"person", &Custodian::person}, Member{"key", &Custodian::key},
                                              Member{"roles", &Custodian::roles});
  Result<void> CheckForm() const {
    return roles.empty() ? Fail(ErrorCode::kInvalid, "\"roles\" is empty") : Result<void>();
  }
  // Its key has a handle for a name; in a genesis or a recovery it is a custodian.
  Result<void> CheckHandle(const tlog::Origin& origin) const;
  Result<void> CheckIsCustodian() const;
  bool operator==(const Custodian&) const = default;
};

// kInvalid unless a recovery key, where there is one, has the name of one.
Result<void> CheckRecoveryName(const std::optional<tlog::VerifierKey>& recovery, const tlog::Origin& origin);
// kInvalid unless the keys of the log have the origin for a name.
Result<void> CheckLogNames(const LogKeyList& keys, const tlog::Origin& origin);

}  // namespace exhibit::custody
