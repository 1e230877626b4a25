// What the check of a collecting kit found, for people and for machines.
#pragma once

#include "cli/exit_code.h"
#include "cli/report_output.h"
#include "cli/trust.h"
#include "vault/bundle/collecting_kit_check.h"

namespace exhibit::cli {

// Prints it to stdout, and returns its exit status: as of a verification, of several the first of 3, 1, 8, 5, 0.
ExitCode PrintCollectingKit(const bundle::CollectingKitCheck& check, const Trusted& trusted, ReportForm form);

}  // namespace exhibit::cli
