#include "vault/verify/reseal_notes.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::verify {

void ResealNotes::Add(const custody::Entry& entry) {
  const auto* const reseal = std::get_if<custody::Reseal>(&entry.body);
  if (reseal == nullptr) return;
  for (const auto& [item, rewrapped] : RewrappedBy(*reseal, entry.sequence)) by_item_[item].push_back(rewrapped);
}

std::vector<Rewrapped> ResealNotes::Of(tlog::Sequence item) const {
  const auto found = by_item_.find(item);
  return found == by_item_.end() ? std::vector<Rewrapped>() : found->second;
}

void ResealNotes::RemarkUnfinished(const custody::Facts& facts, const LeafNotes& leaves, Report& report) const {
  const custody::VaultKey& key = facts.vault_keys.back();
  if (key.since.value < std::max<std::uint64_t>(leaves.first(), 1)) return;
  std::uint64_t left = 0;
  for (std::uint64_t at = leaves.first(); at < std::min(key.since.value, leaves.end()); ++at) {
    if (!leaves.HasSealedFile(at) || facts.shredded.contains(at)) continue;
    const auto found = by_item_.find({at});
    if (found == by_item_.end() || found->second.back().under < key.since) ++left;
  }
  if (left == 0) return;
  report.remarks.push_back(
      Format("entry {}: the vault's key was replaced, and {} not sealed to the new one yet: `exhibit reseal` goes on",
             key.since, Counted(left, "item is", "items are")));
}

}  // namespace exhibit::verify
