#include "vault/custody/acts/rule.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

Result<void> Rule::CheckForm() const {
  if (two.empty() || two.Has(Ruled::kCustodian)) return {};
  return Fail(ErrorCode::kInvalid, "\"two\" is not empty, and without custodian");
}

bool Rule::NeedsTwo(const Judging& at) const { return !at.facts.two.empty() || recovery; }

Result<void> Rule::Check(const Judging& at) const {
  if (!two.empty() && at.facts.Custodians().size() < 2) {
    return Refused("a rule of two persons, where one has the role of a custodian, could not be kept",
                   "admit another custodian first");
  }
  if (recovery && (two.empty() || at.facts.recovery() == nullptr)) {
    return Refused("it keeps a recovery key that is not there, or that no rule ends");
  }
  return {};
}

void Rule::Apply(Facts& facts, const Entry& entry) const {
  facts.two = two;
  if (!two.empty() && !recovery) facts.SetRecovery(std::nullopt, entry.sequence);
}

}  // namespace exhibit::custody
