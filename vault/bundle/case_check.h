// Whether a bundle has all that was labelled for a case, as a whole copy of its log tells it: complete, or which positions are
// missing. A bundle alone tells only of the entries in it.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/bundle/verifier.h"
#include "vault/custody/labels.h"
#include "vault/verify/source.h"

namespace exhibit::bundle {

struct WholeLog {
  const verify::Source& source;
  std::string where;  // its name in messages
};

// Verifies the log, and compares it with the bundle: both must be one history. What the keys recognise goes into the
// report's `labelled`, each with the size of the log. A log that does not hold or cannot be read makes it undecided; two
// histories are a finding. kInterrupted.
Result<void> CompareWithLog(const WholeLog& log, const std::vector<custody::GivenCaseKey>& keys,
                            const std::atomic<bool>* interrupted, CheckedBundle& checked, Pool& pool);

}  // namespace exhibit::bundle
