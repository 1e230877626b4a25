// Ends a suspension of a person: by who made it, or by two who are not stopped, or by the only one who is not.
#pragma once

#include "vault/custody/act.h"

namespace exhibit::custody {

struct Lift {
  tlog::Sequence suspend;
  Person person;

  static constexpr ActForm kForm = {.type = "suspend",
                                    .act = "lift",
                                    .law = LawRule::kYes,
                                    .cosigner = CosignerRule::kMay,
                                    .signers = "custodian; [below](#suspension)"};
  static constexpr auto kMembers = std::tuple(Member{"suspend", &Lift::suspend}, Member{"person", &Lift::person});
  // Who made the suspension is stopped by it, and may take it back: Check says who may.
  bool RefusesStopped() const { return false; }
  bool NeedsTwo(const Judging& at) const;
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
