// From here on the log is of a later version. Who does not know it checks all before it, and reads no entry from there on.
#pragma once

#include <cstdint>
#include <string>

#include "vault/custody/act.h"

namespace exhibit::custody {

struct Upgrade {
  std::uint64_t version = 2;
  std::string rest = {};  // the members after it, as they stand, each with its comma: for who knows the version

  static constexpr ActForm kForm = {.type = "upgrade",
                                    .law = LawRule::kYes,
                                    .sealed = SealedRule::kAsItLikes,
                                    .cosigner = CosignerRule::kMay,
                                    .signers = "custodian; may, must by any rule"};
  static constexpr auto kMembers = std::tuple(Member{"version", &Upgrade::version});
  Result<void> CheckFormIn(const tlog::Origin& origin) const;
  bool NeedsTwo(const Judging& at) const;
  Result<void> Check(const Judging& /*at*/) const { return {}; }
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
