// The timestamps in a log: what they prove about when it existed, and by whose word.
#pragma once

#include <string>
#include <vector>

#include "vault/crypto/timestamp.h"
#include "vault/custody/state.h"
#include "vault/verify/report.h"
#include "vault/verify/source.h"

namespace exhibit::verify {

// Checks each timestamp entry that `state` knows. Adds those that hold to report.stamps, and a finding for a
// token that does not cover what its entry says, or whose checkpoint the log does not extend. With `roots`, a
// token that ends at none of them is no finding, but a remark: another verifier may trust its authority.
// Without roots it checks only what needs none. A token that renews is over the token of the earlier entry. REQUIRES: the log was checked up to `report.head`.
void CheckStamps(const Source& source, const custody::State& state, const crypto::TimestampRoots* roots,
                 Report& report);

// What is to be renewed: timestamps that hold, and whose certificates end within a year of `now`, or have ended, with no
// renewal of them that holds. A remark for each, with the command.
std::vector<std::string> RenewalsDue(const std::vector<Stamped>& stamps, Moment now);

}  // namespace exhibit::verify
