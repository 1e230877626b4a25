#include "vault/custody/acts/upgrade.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

Result<void> Upgrade::CheckFormIn(const tlog::Origin& /*origin*/) const {
  return version >= 2 ? Result<void>() : Fail(ErrorCode::kInvalid, "\"version\" is not 2 or more");
}
bool Upgrade::NeedsTwo(const Judging& at) const { return !at.facts.two.empty(); }
void Upgrade::Apply(Facts& facts, const Entry& entry) const { facts.newer = NewerFrom{entry.sequence, version}; }

}  // namespace exhibit::custody
