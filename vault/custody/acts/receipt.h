// What a receiver of a bundle signed of it.
#pragma once

#include "vault/custody/act.h"
#include "vault/custody/statements/receipt.h"

namespace exhibit::custody {

struct Received {
  SignedReceipt statement;

  static constexpr ActForm kForm = {.type = "receipt", .signers = "custodian; none"};
  static constexpr auto kMembers = std::tuple(Member{"statement", &Received::statement});
  ByteView statement_note() const { return statement.bytes(); }
  // The key that it names itself.
  Result<std::vector<tlog::VerifierKey>> StatementKeys(const Facts& facts) const;
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
