// The log goes on from a restored copy: a head that was seen, and that it does not extend.
#pragma once

#include "vault/custody/act.h"

namespace exhibit::custody {

struct LostHead {
  NotedCheckpoint lost;

  static constexpr ActForm kForm = {
      .type = "lost-head", .cosigner = CosignerRule::kMay, .signers = "custodian; may, must by rule `lost-head`"};
  static constexpr auto kMembers = std::tuple(Member{"lost", &LostHead::lost});
  bool NeedsTwo(const Judging& at) const;
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
