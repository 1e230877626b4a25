// The check of a bundle, shared by `exhibit verify-bundle` and the small program `exhibit-verify`.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/trust.h"
#include "vault/publish/published_log.h"
#include "vault/tell/proof_table.h"

namespace exhibit::cli {

struct BundleArguments {
  std::string bundle;
  bool proof = false;                  // the path is a proof file
  bool kit = false;                    // the path is a collecting kit
  bool find = false;                   // say of loose files whether they were taken in
  std::vector<std::string> originals;  // the files of either
  std::string unpack_in;
  std::string unpack;      // a new folder for the files that were checked; empty for none
  std::string extract_to;  // a new folder for the originals that hold, as a tree; empty for none
  std::string log;         // a published copy of the whole log; empty for none
  // The files of such a copy. A program without a network reads folders alone.
  std::function<Result<std::unique_ptr<publish::Files>>(const std::string& place)> open_log;
  TrustArguments trust;
  std::vector<std::string> identity_files;
  bool json = false;
  bool quiet = false;   // ReportForm::kQuiet
  std::string receipt;  // where to write one; empty for none
  std::string key;      // that signs it
  std::string name;
  std::string organisation;
  std::string contact;
  tell::TrustedInput::Program program = tell::TrustedInput::Program::kExhibit;
};

inline constexpr const char* kBundleStatuses =
    "Exit status: 0 all of it holds, 3 something does not; 5 it holds, but no fingerprint or policy was brought, so "
    "that\n"
    "nothing says whose vault this is; 6 the identity opens nothing of it; 8 a newer version of this program is "
    "needed;\n"
    "1 it is no bundle, or could not be read; also, where the bundle itself holds: with --find, a file was not found,\n"
    "and with --extract-to, an original was not written.";
void AddBundleOptions(const Command& command, BundleArguments& arguments);
// --receipt and --key.
void AddReceiptOptions(const Command& command, BundleArguments& arguments);
Result<ExitCode> CheckBundle(const BundleArguments& arguments);

}  // namespace exhibit::cli
