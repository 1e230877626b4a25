// The end of a collector's run: up to which number it collected.
#pragma once

#include "vault/custody/act.h"
#include "vault/custody/statements/collected.h"

namespace exhibit::custody {

struct Run {
  SignedClosedRun statement;

  static constexpr ActForm kForm = {.type = "run",
                                    .sealed = SealedRule::kNo,
                                    .actor = ActorRule::kCollectorToo,
                                    .signers = "custodian, collector; none"};
  static constexpr auto kMembers = std::tuple(Member{"statement", &Run::statement});
  ByteView statement_note() const { return statement.bytes(); }
  Result<std::vector<tlog::VerifierKey>> StatementKeys(const Facts& facts) const;
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
