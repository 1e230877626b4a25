#include "vault/work/shred.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/session/writer_hands.h"

namespace exhibit::work {

namespace {

// An entry after an item that is lost may be a hold of it, and nothing brings back what was shredded.
Result<void> CheckNoHoldIsLost(const WriterHands& hands, const custody::ItemSet& items) {
  constexpr std::size_t kBatch = 4096;
  const std::uint64_t end = hands.appender.next_sequence().value;
  for (std::uint64_t at = items.ranges().front().first + 1; at < end; at += kBatch) {
    const auto entries =
        hands.store.ReadEntries({at}, static_cast<std::size_t>(std::min<std::uint64_t>(kBatch, end - at)));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i] || entries[i].error().code != ErrorCode::kNotFound) continue;
      return Fail(
          ErrorCode::kTampered,
          Format("not shredded: {} is lost, and may be a hold of what was to be shredded",
                 NameOf(tlog::Sequence{at + i})),
          "if a backup, a published copy or a bundle has the entry: exhibit rescue VAULT --to NEW --also PLACE");
    }
  }
  return {};
}

}  // namespace

Result<store::Committed> Shred(VaultWriter& vault, store::Appender::Act act) {
  const WriterHands hands = WriterHands::Of(vault);
  const custody::ItemSet items = std::get<custody::Shred>(act.body).items;
  TRY_VOID(CheckNoHoldIsLost(hands, items));
  TRY(store::Committed committed, hands.appender.CommitAct(std::move(act)));
  for (const tlog::Sequence item : items.Items()) {
    auto destroyed = hands.store.DestroySealedFile(item);
    if (destroyed) continue;
    return Fail(std::move(destroyed).error().In(
        Format("entry {} says that item {} is shredded, and the next writer goes on with it", committed.first, item)));
  }
  return committed;
}

}  // namespace exhibit::work
