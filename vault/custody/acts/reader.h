// The vault's key is sealed anew, in a file of this digest: to these readers, whom its fields name, and to nobody else.
#pragma once

#include "vault/custody/act.h"
#include "vault/custody/acts/custodian.h"
#include "vault/custody/digests.h"

namespace exhibit::custody {

struct ReaderChange {
  KeyFileDigest key_file;
  std::optional<tlog::VerifierKey> recovery;

  static constexpr ActForm kForm = {
      .type = "reader",
      .law = LawRule::kYes,
      .cosigner = CosignerRule::kMay,
      .signers =
          "custodian; may, must by rule `reader`, and by any rule where it names a recovery key or one is in "
          "force"};
  static constexpr auto kMembers =
      std::tuple(Member{"key_file", &ReaderChange::key_file}, Member{"recovery", &ReaderChange::recovery});
  Result<void> CheckFormIn(const tlog::Origin& origin) const { return CheckRecoveryName(recovery, origin); }
  bool NeedsTwo(const Judging& at) const;
  Result<void> Check(const Judging& /*at*/) const { return {}; }
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
