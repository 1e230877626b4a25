// The notes on an item, which are shown after its metadata.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace exhibit::cli {

struct ItemNote {
  custody::SignedEntry entry;
  std::string text;
};

// In the order of the log.
Result<std::vector<ItemNote>> ReadNotes(const VaultReader& vault, tlog::Sequence item, seal::Identities reader);

}  // namespace exhibit::cli
