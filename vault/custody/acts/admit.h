// Admits a key, of a new person or of one who is known. Whose it is, is a field.
#pragma once

#include "vault/custody/act.h"
#include "vault/custody/acts/custodian.h"

namespace exhibit::custody {

struct Admit {
  Custodian custodian;

  static constexpr ActForm kForm = {.type = "custodian",
                                    .act = "admit",
                                    .law = LawRule::kYes,
                                    .cosigner = CosignerRule::kMay,
                                    .signers = "custodian; may, must by any rule"};
  static constexpr auto kMembers = std::tuple(Member{"custodian", &Admit::custodian});
  Result<void> CheckFormIn(const tlog::Origin& origin) const { return custodian.CheckHandle(origin); }
  bool NeedsTwo(const Judging& at) const;
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
