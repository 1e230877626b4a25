// A verification's report, for people and for machines.
#pragma once

#include <cstdint>
#include <string>

#include "cli/exit_code.h"
#include "vault/verify/report.h"

namespace exhibit::cli {

enum class ReportForm : std::uint8_t { kText, kJson };

// Prints the report to stdout and gives the exit code that it means. `trust` says what was taken on
// trust, for example that no fingerprint was given; empty if nothing was.
ExitCode PrintReport(const verify::Report& report, ReportForm form, const std::string& trust);

}  // namespace exhibit::cli
