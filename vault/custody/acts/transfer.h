// One custodian handed items to another, or did not. Both signed a statement; what and why are fields.
#pragma once

#include <cstdint>

#include "vault/custody/act.h"
#include "vault/custody/statements/transfer.h"
#include "vault/custody/words.h"

namespace exhibit::custody {

enum class TransferOutcome : std::uint8_t { kAccepted, kRefused, kAbandoned };
template <>
struct Words<TransferOutcome> {
  static constexpr std::array<std::string_view, 3> kAll = {"accepted", "refused", "abandoned"};
};

struct Transfer {
  TransferOutcome outcome;
  SignedTransfer statement;

  static constexpr ActForm kForm = {.type = "transfer", .signers = "custodian; none"};
  static constexpr auto kMembers =
      std::tuple(Member{"outcome", &Transfer::outcome}, Member{"statement", &Transfer::statement});
  ByteView statement_note() const { return statement.bytes(); }
  // The releaser's and, if it was accepted, the receiver's.
  Result<std::vector<tlog::VerifierKey>> StatementKeys(const Facts& facts) const;
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
