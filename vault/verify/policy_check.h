// A head against the policy that the verifier brought: whom they believe, and how many have to agree.
#pragma once

#include "vault/tlog/policy.h"
#include "vault/verify/report.h"

namespace exhibit::verify {

// Adds to `report` what the policy says of this signed checkpoint: the witnesses that it lists and that
// cosigned, or a finding. A log that the policy lists must have signed it with the key that signs this
// vault's checkpoints at that size, `log_key`: a policy that believes another one is of another log.
void CheckPolicy(const tlog::Policy& policy, ByteView signed_checkpoint, const tlog::VerifierKey& log_key,
                 Report& report);

// Adds to report.seen when the policy's quorum cosigned this checkpoint, which the log was proven to extend. Where
// it did not, or nothing can be told from the note, nothing is added: it is no evidence, and contradicts none.
void NoteSeen(const tlog::Policy& policy, ByteView signed_checkpoint, Report& report);

}  // namespace exhibit::verify
