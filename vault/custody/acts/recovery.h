// The readers' way back in: the recovery key admits a new custodian, and stops all others until they are lifted. It is the
// one way round a rule, so every verdict names it.
#pragma once

#include "vault/custody/act.h"
#include "vault/custody/acts/custodian.h"

namespace exhibit::custody {

struct Recovery {
  Custodian custodian;
  std::optional<tlog::VerifierKey> recovery;

  static constexpr ActForm kForm = {.type = "recovery",
                                    .law = LawRule::kYes,
                                    .actor = ActorRule::kRecoveryKey,
                                    .cosigner = CosignerRule::kNewKey,
                                    .signers = "the recovery key; the key of `custodian`"};
  static constexpr auto kMembers =
      std::tuple(Member{"custodian", &Recovery::custodian}, Member{"recovery", &Recovery::recovery});
  const tlog::VerifierKey& brought_key() const { return custodian.key; }
  Result<void> CheckFormIn(const tlog::Origin& origin) const;
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
