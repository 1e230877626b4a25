// What the log has about one item: its own entry, and the acts that name it.
//
// Holds, releases, shreddings and reseals name items in public. Notes, reads, exports, hand-overs and receipts name them in
// their fields, which are sealed: only a reader's key finds those, by reading the log from its beginning.
#pragma once

#include <optional>
#include <vector>

#include "cli/command.h"

namespace exhibit::cli {

struct ItemAct {
  custody::SignedEntry entry;
  std::optional<custody::FieldList> fields;  // nothing without a key, or of what was shredded
};

// In the order of the log, the item's own entry first. kInvalid if it is no item.
Result<std::vector<ItemAct>> ReadItemActs(const VaultReader& vault, const custody::State& state, tlog::Sequence item,
                                          const std::optional<VaultKeys>& keys);

// The fields of an entry, if there are keys to open them and they were not destroyed. Nothing of a sealed file that is lost or
// damaged, which the program says at its end (lost.h).
Result<std::optional<custody::FieldList>> ReadFieldsIf(const VaultReader& vault, const custody::State& state,
                                                       const custody::SignedEntry& entry,
                                                       const std::optional<VaultKeys>& keys);

}  // namespace exhibit::cli
