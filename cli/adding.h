// Shared by `add` and `collect`: how evidence is walked, sealed and printed. The caller chooses its destination, a vault or
// a drop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "cli/command.h"
#include "cli/evidence_options.h"
#include "vault/intake/adder.h"

namespace exhibit::cli {

struct Adding {
  // Called after the arguments were checked.
  std::function<Result<std::unique_ptr<intake::Destination>>(Pool&)> open;
  // Folders that are not evidence, even if they are below an added path.
  std::vector<std::filesystem::path> excluded;
  enum class Into : std::uint8_t { kVault, kDrop };
  Into into = Into::kVault;
};

// Takes all of it in and prints it. Exit status 1 if something was refused.
Result<ExitCode> AddEvidence(const EvidenceOptions& options, const Globals& globals, const Adding& adding);

}  // namespace exhibit::cli
