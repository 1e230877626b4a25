// Ends a hold of some or all of its items. It names the hold, so nobody releases what another hold still holds.
#pragma once

#include "vault/custody/act.h"

namespace exhibit::custody {

struct Release {
  tlog::Sequence hold;
  ItemSet items;

  static constexpr ActForm kForm = {
      .type = "release", .cosigner = CosignerRule::kMay, .signers = "custodian; may, must by rule `release`"};
  static constexpr auto kMembers = std::tuple(Member{"hold", &Release::hold}, Member{"items", &Release::items});
  const ItemSet* named_items() const { return &items; }
  bool RefusesStopped() const { return true; }
  bool NeedsTwo(const Judging& at) const;
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
