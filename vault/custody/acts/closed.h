// The log ends here. Nothing follows; a vault that goes on may be named.
#pragma once

#include "vault/custody/act.h"
#include "vault/custody/digests.h"

namespace exhibit::custody {

struct Closed {
  std::optional<Fingerprint> successor;

  static constexpr ActForm kForm = {.type = "closed",
                                    .law = LawRule::kYes,
                                    .cosigner = CosignerRule::kMay,
                                    .signers = "custodian; may, must by any rule"};
  static constexpr auto kMembers = std::tuple(Member{"successor", &Closed::successor});
  bool NeedsTwo(const Judging& at) const;
  Result<void> Check(const Judging& /*at*/) const { return {}; }
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
