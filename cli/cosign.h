// How a checkpoint gets its cosignatures: asked over HTTP, or taken from the file that a witness answered with.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace exhibit::cli {

struct CosignArguments {
  std::vector<std::string> witnesses;  // URLs of witnesses, or files with their answers
  std::vector<std::string> keys;
  std::string policy;
  std::string ca_file;
  std::string request;
  std::uint64_t old_size = 0;

  // Whom to ask, and by whose keys their answers are checked.
  void AddWitnessesTo(CLI::App& command);
  // These, and the request that is carried to a witness by hand.
  void AddTo(CLI::App& command);
};

// Writes the request that is to be carried to a witness, if one is asked for.
Result<void> WriteRequest(const CosignArguments& arguments, const VaultReader& vault);

// Asks each witness and keeps what it gives. An error names the witness, after the others were asked; it is a
// message only, where a policy is named that accepts the head without that witness.
Result<void> Collect(const CosignArguments& arguments, const VaultReader& vault);

}  // namespace exhibit::cli
