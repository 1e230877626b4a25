#include "vault/store/destroyed.h"

namespace exhibit::store {

void NoteDestroyed(const custody::Entry& entry, AppendBatch& batch) {
  using What = AppendBatch::Destroyed::What;
  const auto note = [&](const custody::ItemSet& items, What what) {
    for (const tlog::Sequence item : items.Items()) batch.destroyed.push_back({item, entry.sequence, what});
  };
  if (const auto* const shred = std::get_if<custody::Shred>(&entry.body)) note(shred->items, What::kSealedFile);
  const auto* const reseal = std::get_if<custody::Reseal>(&entry.body);
  if (reseal != nullptr && reseal->destroy) note(*reseal->items, What::kEarlierHeaders);
}

}  // namespace exhibit::store
