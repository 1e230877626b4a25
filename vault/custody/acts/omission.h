// What was not taken in, as a list in its sealed file. It has no public members of its own.
#pragma once

#include "vault/custody/act.h"

namespace exhibit::custody {

struct Omission {
  static constexpr ActForm kForm = {.type = "omission",
                                    .sealed = SealedRule::kContent,
                                    .actor = ActorRule::kCollectorToo,
                                    .signers = "custodian, collector; none"};
  static constexpr std::tuple<> kMembers = {};
  Result<void> Check(const Judging& /*at*/) const { return {}; }
  void Apply(Facts& /*facts*/, const Entry& /*entry*/) const {}
};

}  // namespace exhibit::custody
