// An act that a later version knows more of: its field `act` says which. Today's programs take it and show it.
#pragma once

#include "vault/custody/act.h"

namespace exhibit::custody {

struct StatementAct {
  std::optional<ItemSet> items;

  static constexpr ActForm kForm = {.type = "statement", .signers = "custodian; none"};
  static constexpr auto kMembers = std::tuple(Member{"items", &StatementAct::items});
  const ItemSet* named_items() const { return items ? &*items : nullptr; }
  Result<void> Check(const Judging& /*at*/) const { return {}; }
  void Apply(Facts& /*facts*/, const Entry& /*entry*/) const {}
};

}  // namespace exhibit::custody
