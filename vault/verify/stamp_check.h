// The timestamps in a log: until when it was proven to stand, and by whom.
#pragma once

#include "vault/crypto/timestamp.h"
#include "vault/custody/state.h"
#include "vault/verify/report.h"
#include "vault/verify/source.h"

namespace exhibit::verify {

// Looks at each timestamp entry that `state` knows, adds to report.stamps what holds, and a finding for a
// token that is not over what its entry says, or whose checkpoint the log does not extend. With `roots`, a
// token that ends at none of them is no finding, but a remark: another verifier may trust its authority.
// Without roots only that is checked which needs none. The log must have been checked up to `report.head`.
void CheckStamps(const Source& source, const custody::State& state, const crypto::TimestampRoots* roots,
                 Report& report);

}  // namespace exhibit::verify
