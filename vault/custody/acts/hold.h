// Items that must be kept, until a release that names this hold releases them. Authority and reason are fields.
#pragma once

#include "vault/custody/act.h"

namespace exhibit::custody {

struct Hold {
  ItemSet items;

  static constexpr ActForm kForm = {.type = "hold", .signers = "custodian; none"};
  static constexpr auto kMembers = std::tuple(Member{"items", &Hold::items});
  const ItemSet* named_items() const { return &items; }
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
