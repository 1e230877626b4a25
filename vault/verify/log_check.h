// The log part of a verification: entries, chain, signatures, tree and tiles.
#pragma once

#include <cstdint>
#include <optional>

#include "vault/verify/sealed_files.h"
#include "vault/verify/verifier.h"

namespace exhibit::verify {

struct CheckedLog {
  SealedFiles sealed;                   // of the selected entries
  std::optional<custody::Facts> facts;  // at the end of the log; nothing if it could not be read so far
  tlog::Sequence first;                 // where the replay began
  std::uint64_t transfers = 0;          // how many of the replayed entries are transfers
};

// Adds findings to `report`. kInterrupted.
Result<CheckedLog> CheckLog(const Source& source, const Options& options, Pool& pool, Report& report);

}  // namespace exhibit::verify
