// What needs two persons from here on. A rule that is not empty ends the recovery key, unless it says that it stays.
#pragma once

#include "vault/custody/act.h"
#include "vault/custody/role.h"

namespace exhibit::custody {

struct Rule {
  RuledActs two;
  std::optional<Yes> recovery;

  static constexpr ActForm kForm = {.type = "rule",
                                    .law = LawRule::kYes,
                                    .cosigner = CosignerRule::kMay,
                                    .signers = "custodian; may, must while there is a rule or if it has `recovery`"};
  static constexpr auto kMembers = std::tuple(Member{"two", &Rule::two}, Member{"recovery", &Rule::recovery});
  Result<void> CheckForm() const;
  bool NeedsTwo(const Judging& at) const;
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
