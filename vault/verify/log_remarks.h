// What a report says of a log beside its findings: recoveries and lost heads, what it goes on from and who goes on, and what
// is missing of collectors' chains. None of it fails anything.
#pragma once

#include "vault/custody/collectors.h"
#include "vault/custody/state.h"
#include "vault/verify/report.h"
#include "vault/verify/source.h"

namespace exhibit::verify {

// Adds remarks on what the state knows, and on what the report says of labels.
void RemarkOnLog(const LogSource& source, const custody::State& state, Report& report);

// Adds a remark for each chain with a gap: numbers that were lost on their way or that somebody kept back, and runs that
// nobody closed. REQUIRES: every entry of the log was replayed.
void RemarkGaps(const custody::Collectors& collectors, Report& report);

}  // namespace exhibit::verify
