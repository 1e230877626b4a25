// Stops two persons: the one whom it names and the one who signs. One may do it alone, once; it ends by a lift.
#pragma once

#include "vault/custody/act.h"

namespace exhibit::custody {

struct Suspend {
  Person person;

  static constexpr ActForm kForm = {
      .type = "suspend", .act = "suspend", .law = LawRule::kYes, .signers = "custodian; none"};
  static constexpr auto kMembers = std::tuple(Member{"person", &Suspend::person});
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
