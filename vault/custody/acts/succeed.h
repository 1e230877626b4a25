// Puts the key that a collector's statement calls `next` in that collector's place.
#pragma once

#include "vault/custody/act.h"
#include "vault/custody/statements/collected.h"

namespace exhibit::custody {

struct Succeed {
  CollectorStatement statement;

  static constexpr ActForm kForm = {.type = "custodian",
                                    .act = "succeed",
                                    .law = LawRule::kYes,
                                    .actor = ActorRule::kCollectorToo,
                                    .signers = "custodian, collector; none"};
  static constexpr auto kMembers = std::tuple(Member{"statement", &Succeed::statement});
  const Actor& collector() const;
  const std::optional<tlog::VerifierKey>& next() const;
  ByteView statement_note() const;
  Result<std::vector<tlog::VerifierKey>> StatementKeys(const Facts& facts) const;
  Result<void> CheckForm() const;
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
