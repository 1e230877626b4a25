#include "cli/notes.h"

namespace exhibit::cli {

Result<std::vector<ItemNote>> ReadNotes(const VaultReader& vault, tlog::Sequence item, seal::Identities reader) {
  std::vector<ItemNote> notes;
  TRY(const std::vector<custody::ActRow> rows, vault.ReadActs({item.value, item.value}));
  for (const custody::ActRow& row : rows) {
    if (row.type != custody::ToText(custody::EntryType::kNote) || row.sequence.value >= vault.head().size.value)
      continue;
    TRY(custody::SignedEntry entry, vault.Entry(row.sequence));
    TRY(std::string text, vault.ReadSealedText(entry, reader));
    notes.push_back({std::move(entry), std::move(text)});
  }
  return notes;
}

}  // namespace exhibit::cli
