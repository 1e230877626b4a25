// Shared by `add` and `collect`: how evidence is walked, sealed and printed. The caller chooses its destination, a vault or
// a drop.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "cli/evidence_options.h"
#include "cli/exit_code.h"
#include "vault/intake/adder.h"

namespace exhibit::cli {

struct Adding {
  std::string_view typed;  // how the user began: "exhibit add"
  // Called after the arguments were checked.
  std::function<Result<std::unique_ptr<intake::Destination>>(Pool&)> open;
  // Where the journal of what went into it before is (intake/journal.h).
  std::function<Result<std::filesystem::path>(const intake::Destination&)> journal;
  // Folders that are not evidence, even if they are below an added path.
  std::vector<std::filesystem::path> excluded;
  enum class Into : std::uint8_t { kVault, kDrop };
  Into into = Into::kVault;
  bool quiet = false;
};

// Takes all of it in and prints it. Exit status 1 if something was refused.
Result<ExitCode> AddEvidence(const EvidenceOptions& options, const Adding& adding);

}  // namespace exhibit::cli
