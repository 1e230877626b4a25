// A key puts another of the same name in its place. Handle, person and roles stay. The new key signs, too.
#pragma once

#include "vault/custody/act.h"

namespace exhibit::custody {

struct Rotate {
  tlog::VerifierKey new_key;

  static constexpr ActForm kForm = {.type = "custodian",
                                    .act = "rotate",
                                    .law = LawRule::kYes,
                                    .actor = ActorRule::kCollectorToo,
                                    .cosigner = CosignerRule::kNewKey,
                                    .signers = "custodian, collector: the key's own; the new key"};
  static constexpr auto kMembers = std::tuple(Member{"new_key", &Rotate::new_key});
  const tlog::VerifierKey& brought_key() const { return new_key; }
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
