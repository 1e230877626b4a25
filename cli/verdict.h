// The end of a verification: one sentence that says no more than was checked, one word for machines, one exit status.
//
//   holds         0   everything that was checked holds, and the verifier brought something that names the vault
//   not-anchored  5   it agrees with itself; whose vault it is was not checked
//   wrong-key     6   the given key opens none of it, and nothing was found changed
//   changed       3   there are findings
//   older         7   a published copy that is older than what was seen before, and agrees with it
//   newer         8   a newer version is needed from an entry on that is named; nothing before it was found changed
//   not-read      1   something could not be read, and there is no finding in the rest
//
// Of several, the first of 3, 1, 8, 6, 7, 5, 0 counts. The sentence says as of which entry, and who saw it last.
#pragma once

#include <string>
#include <string_view>

#include "cli/exit_code.h"
#include "vault/tell/proof_table.h"
#include "vault/verify/report.h"

namespace exhibit::cli {

struct Verdict {
  ExitCode code = ExitCode::kOk;
  std::string beginning;  // "verified", "verification failed": a terminal may show it in colour
  std::string rest;       // of the sentence
  std::string ToText() const { return beginning + rest; }
};

// Times of which a clock's seconds do not fit are shown as the last that does.
Moment ShownTime(tlog::CosignatureTime time);

// The word of an exit status that a verification has.
std::string_view WordOf(ExitCode code);

Verdict Judge(const verify::Report& report, const tell::TrustedInput& brought, tell::Verified what);

}  // namespace exhibit::cli
