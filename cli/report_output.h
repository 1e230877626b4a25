// A verification's report, for people and for machines.
#pragma once

#include <cstdint>
#include <string>

#include "cli/exit_code.h"
#include "vault/tell/proof_table.h"
#include "vault/verify/report.h"

namespace exhibit::cli {

enum class ReportForm : std::uint8_t { kText, kJson };

// Prints the report to stdout, with what was taken on trust and the table of what is proven, and gives the
// exit code that it means.
ExitCode PrintReport(const verify::Report& report, ReportForm form, const tell::Brought& brought, tell::Verified what);

// What kept a verification from being made, for machines; people are told by main.
void PrintNotVerified(const Error& error);

}  // namespace exhibit::cli
