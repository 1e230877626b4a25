#include "vault/verify/reseal_notes.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::verify {

void ResealNotes::Add(const custody::Entry& entry) {
  const auto* const reseal = std::get_if<custody::Reseal>(&entry.body);
  if (reseal == nullptr) return;
  for (const auto& [item, rewrapped] : RewrappedBy(*reseal, entry.sequence)) {
    Headers& headers = by_item_[item];
    if (reseal->destroy) {
      headers.rewrapped.clear();
      if (!headers.own_destroyed_under) headers.own_destroyed_under = entry.sequence;
    }
    headers.rewrapped.push_back(rewrapped);
  }
}

ResealNotes::Headers ResealNotes::Of(tlog::Sequence item) const {
  const auto found = by_item_.find(item);
  return found == by_item_.end() ? Headers() : found->second;
}

std::vector<std::pair<tlog::Sequence, tlog::Sequence>> ResealNotes::OwnDestroyed() const {
  std::vector<std::pair<tlog::Sequence, tlog::Sequence>> destroyed;
  for (const auto& [item, headers] : by_item_) {
    if (headers.own_destroyed_under) destroyed.emplace_back(item, *headers.own_destroyed_under);
  }
  return destroyed;
}

void ResealNotes::RemarkUnfinished(const custody::Facts& facts, const LeafNotes& leaves, Report& report) const {
  const custody::VaultKey& key = facts.vault_keys.back();
  if (key.since.value < std::max<std::uint64_t>(leaves.first(), 1)) return;
  std::uint64_t left = 0;
  for (std::uint64_t at = leaves.first(); at < std::min(key.since.value, leaves.end()); ++at) {
    if (!leaves.HasSealedFile(at) || facts.shredded->Has(at)) continue;
    const auto found = by_item_.find({at});
    if (found == by_item_.end() || found->second.rewrapped.back().under < key.since) ++left;
  }
  if (left == 0) return;
  report.remarks.push_back(
      Format("entry {}: the vault's key was replaced, and {} not sealed to the new one yet: `exhibit reseal` goes on",
             key.since, Counted(left, "item is", "items are")));
}

}  // namespace exhibit::verify
