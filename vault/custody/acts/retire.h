// Ends a key's admission, for good. What it signed before stays valid.
#pragma once

#include "vault/custody/act.h"

namespace exhibit::custody {

struct Retire {
  Actor retired;
  std::optional<EntryTime> compromised_since;  // from then on others may have signed with it

  static constexpr ActForm kForm = {.type = "custodian",
                                    .act = "retire",
                                    .law = LawRule::kYes,
                                    .cosigner = CosignerRule::kMay,
                                    .signers =
                                        "custodian; may, must by rule `retire` for another person's key, and for some "
                                        "[times](#keys-that-others-had-too)"};
  static constexpr auto kMembers =
      std::tuple(Member{"retired", &Retire::retired}, Member{"compromised_since", &Retire::compromised_since});
  bool NeedsTwo(const Judging& at) const;
  // The last custodian stays, and two persons while there is a rule.
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
