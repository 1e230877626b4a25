// What the commands of custody share: who signs, and how an act enters the log.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command.h"

namespace exhibit::cli {

struct SignerOptions {
  std::string key;
  std::string cosigner_key;
  double wait_seconds = 0;
  bool json = false;

  void AddTo(CLI::App& command);
  // For acts that another custodian may sign too.
  void AddCosignerTo(CLI::App& command);
};

// Opens the vault for `act`, commits `body` with the signatures of the options' keys and prints what
// was done: `done` on a line, or JSON. kDenied or kInvalid if the rules do not allow it.
Result<ExitCode> CommitAct(const Globals& globals, const SignerOptions& signer, custody::EntryBody body,
                           const std::string& done);

// "1-3 7 12" as the user types it. kInvalid for none.
Result<custody::ItemSet> ParseItems(const std::vector<std::string>& words);

}  // namespace exhibit::cli
