// A verification's report, for people and for machines.
#pragma once

#include <cstdint>
#include <string>

#include "cli/exit_code.h"
#include "cli/json_output.h"
#include "vault/tell/proof_table.h"
#include "vault/verify/report.h"

namespace exhibit::cli {

// kQuiet: nothing where the exit status is 0; else what is wrong and the last line, as text.
enum class ReportForm : std::uint8_t { kText, kQuiet, kJson };

// What else was done with what was verified: told before the report, so that its last line stays the verdict.
struct Beside {
  std::string text = {};
  Json json = Json::Object();     // members of the report's object
  ExitCode code = ExitCode::kOk;  // counts where the report's is 0 or 5
};

// Prints the report to stdout, with what was taken on trust and the table of what is proven, and returns its
// exit status.
ExitCode PrintReport(const verify::Report& report, ReportForm form, const tell::TrustedInput& brought,
                     tell::Verified what, const Beside& beside = {});

// The error of a verification that could not be made, as JSON; main prints it for people.
void PrintNotVerified(const Error& error);

}  // namespace exhibit::cli
