// Destroys sealed files. Every proof stays valid; what is in bundles that were given stays there.
#pragma once

#include "vault/custody/act.h"

namespace exhibit::custody {

struct Shred {
  ItemSet items;

  static constexpr ActForm kForm = {
      .type = "shred", .cosigner = CosignerRule::kMay, .signers = "custodian; may, must by rule `shred`"};
  static constexpr auto kMembers = std::tuple(Member{"items", &Shred::items});
  const ItemSet* named_items() const { return &items; }
  bool RefusesStopped() const { return true; }
  bool NeedsTwo(const Judging& at) const;
  // Nothing of it is held or shredded.
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
