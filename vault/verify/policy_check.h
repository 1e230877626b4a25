// Compares a head with the policy that the verifier brought: whom they believe, and how many must agree.
#pragma once

#include "vault/tlog/policy.h"
#include "vault/verify/report.h"

namespace exhibit::verify {

// Adds to `report` what the policy says about this signed checkpoint: the listed witnesses that
// cosigned, or a finding. A listed log must have signed it with the key that signs this
// vault's checkpoints at that size, `log_key`: a policy with another key is about another log.
void CheckPolicy(const tlog::Policy& policy, ByteView signed_checkpoint, const tlog::VerifierKey& log_key,
                 Report& report);

// Adds to report.seen when the policy's quorum cosigned this checkpoint, which the log was proven to extend. If
// the quorum did not, or the note cannot be read, adds nothing: it proves nothing and contradicts nothing.
void NoteSeen(const tlog::Policy& policy, ByteView signed_checkpoint, Report& report);

}  // namespace exhibit::verify
