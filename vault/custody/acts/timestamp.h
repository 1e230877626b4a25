// An authority's token (RFC 3161) over a checkpoint with the log's own signature, or over the token of an earlier entry,
// which stays provable so when that one's certificates end.
#pragma once

#include "vault/custody/act.h"

namespace exhibit::custody {

struct Timestamped {
  static constexpr std::size_t kMaxTokenBytes = 32'768;

  std::optional<NotedCheckpoint> checkpoint;  // exactly one of the two
  std::optional<tlog::Sequence> renews;
  Bytes token;  // DER

  static constexpr ActForm kForm = {.type = "timestamp",
                                    .sealed = SealedRule::kNo,
                                    .actor = ActorRule::kCollectorToo,
                                    .signers = "custodian, collector; none"};
  static constexpr auto kMembers =
      std::tuple(Member{"checkpoint", &Timestamped::checkpoint}, Member{"renews", &Timestamped::renews},
                 Member{"token", &Timestamped::token});
  Result<void> CheckForm() const;
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
