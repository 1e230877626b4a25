// Other keys of the log: they sign every checkpoint that holds this entry. The log's Ed25519 key until here and the new one
// sign after actor and cosigner.
#pragma once

#include "vault/custody/act.h"
#include "vault/custody/acts/custodian.h"

namespace exhibit::custody {

struct LogKeyChange {
  LogKeyList log;
  std::optional<EntryTime> compromised_since;

  static constexpr ActForm kForm = {
      .type = "log-key",
      .law = LawRule::kYes,
      .cosigner = CosignerRule::kMay,
      .signers =
          "custodian; may, must by rule `log-key` and for some times; then two more signatures: the log's Ed25519 key "
          "until here, and the new one"};
  static constexpr auto kMembers =
      std::tuple(Member{"log", &LogKeyChange::log}, Member{"compromised_since", &LogKeyChange::compromised_since});
  // Signature lines after those of actor and cosigner.
  static constexpr std::size_t kMoreSignatures = 2;
  Result<void> CheckFormIn(const tlog::Origin& origin) const { return CheckLogNames(log, origin); }
  bool NeedsTwo(const Judging& at) const;
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
