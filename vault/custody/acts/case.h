// The dates of a case, in its fields. It has no public members of its own.
#pragma once

#include "vault/custody/act.h"

namespace exhibit::custody {

struct CaseRecord {
  static constexpr ActForm kForm = {
      .type = "case", .sealed = SealedRule::kFields, .actor = ActorRule::kCustodian, .signers = "custodian; none"};
  static constexpr std::tuple<> kMembers = {};
  Result<void> Check(const Judging& /*at*/) const { return {}; }
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
