// The log part of a verification: entries, chain, signatures, tree and tiles.
#pragma once

#include <vector>

#include "vault/verify/file_key.h"
#include "vault/verify/verifier.h"

namespace exhibit::verify {

// An entry with a sealed file, and what the log says of that file.
struct SealedEntry {
  tlog::Sequence sequence;
  custody::SealedFile file;
  std::vector<Rewrapped> rewrapped = {};                // headers that reseal entries made anew for it
  custody::EntryType type = custody::EntryType::kItem;  // of the entry
};

// Adds findings to `report`, and the sealed files of the selected entries to `sealed`.
// kInterrupted.
Result<void> CheckLog(const Source& source, const Options& options, Pool& pool, Report& report,
                      std::vector<SealedEntry>& sealed);

}  // namespace exhibit::verify
