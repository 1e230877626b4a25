// A verification's report, for people and for machines.
#pragma once

#include <cstdint>
#include <string>

#include "cli/exit_code.h"
#include "vault/tell/proof_table.h"
#include "vault/verify/report.h"

namespace exhibit::cli {

enum class ReportForm : std::uint8_t { kText, kJson };

// Prints the report to stdout, with what was taken on trust and the table of what is proven, and returns its
// exit status.
ExitCode PrintReport(const verify::Report& report, ReportForm form, const tell::TrustedInput& brought,
                     tell::Verified what);

// The error of a verification that could not be made, as JSON; main prints it for people.
void PrintNotVerified(const Error& error);

}  // namespace exhibit::cli
