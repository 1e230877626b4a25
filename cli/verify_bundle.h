// The check of a bundle, shared by `exhibit verify-bundle` and the small program `exhibit-verify`.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/trust.h"
#include "vault/tell/proof_table.h"

namespace exhibit::cli {

struct BundleArguments {
  std::string bundle;
  std::string unpack_in;
  std::string unpack;  // a new folder for the files that were checked; empty for none
  TrustArguments trust;
  std::vector<std::string> identity_files;
  bool json = false;
  std::string receipt;  // where to write one; empty for none
  std::string key;      // that signs it
  tell::TrustedInput::Program program = tell::TrustedInput::Program::kExhibit;
};

inline constexpr const char* kBundleStatuses =
    "Exit status: 0 all of it holds, 3 something does not; 5 it holds, but no fingerprint or policy was brought, so "
    "that\n"
    "nothing says whose vault this is; 6 the identity opens nothing of it; 1 it is no bundle, or could not be read.";
void AddBundleOptions(const Command& command, BundleArguments& arguments);
// --receipt and --key.
void AddReceiptOptions(const Command& command, BundleArguments& arguments);
Result<ExitCode> CheckBundle(const BundleArguments& arguments);

}  // namespace exhibit::cli
