// The notes on an item, which stand behind its metadata wherever that is shown.
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
