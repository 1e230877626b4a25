// Corrects or adds to what is known of items, which its fields name. It has no public members of its own.
#pragma once

#include "vault/custody/act.h"

namespace exhibit::custody {

struct Note {
  static constexpr ActForm kForm = {
      .type = "note", .sealed = SealedRule::kFields, .actor = ActorRule::kCustodian, .signers = "custodian; none"};
  static constexpr std::tuple<> kMembers = {};
  Result<void> Check(const Judging& /*at*/) const { return {}; }
  void Apply(Facts& /*facts*/, const Entry& /*entry*/) const {}
};

}  // namespace exhibit::custody
