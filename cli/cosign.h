// How a checkpoint gets its cosignatures: over HTTP, or from the file with a witness's answer.
#pragma once

#include <cstdint>
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
  std::uint64_t await_seconds = 0;  // for the answers of witnesses who are reached by file only

  // Options: the witnesses to ask, and the keys that check their answers.
  void AddWitnessesTo(const Command& command);
  // For a command that cannot be run again when the answers are there.
  void AddAwaitTo(const Command& command);
  // The witnesses, and options for a request that somebody carries to a witness.
  void AddTo(const Command& command);
};

// Writes the request that somebody carries to a witness, if the options ask for one.
Result<void> WriteRequest(const CosignArguments& arguments, const VaultReader& vault);

// Asks each witness and keeps its cosignature; then waits, if it is to, until the policy accepts the head by what
// `exhibit checkpoint --witness` keeps meanwhile. An error names the witness, after the others were asked; it is only a
// message if a given policy accepts the head without that witness.
Result<void> Collect(const CosignArguments& arguments, const VaultReader& vault);

}  // namespace exhibit::cli
