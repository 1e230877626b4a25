#include "vault/bundle/recipient_counts.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace exhibit::bundle {
namespace {

using Sequences = std::set<tlog::Sequence>;

// Moves those that the entry names from `files` to `taken`.
void TakeNamed(const custody::ItemSet& items, Sequences& files, Sequences& taken) {
  for (const custody::ItemSet::Range& range : items.ranges()) {
    const auto first = files.lower_bound({range.first});
    const auto end = files.upper_bound({range.last});
    taken.insert(first, end);
    files.erase(first, end);
  }
}

}  // namespace

void RecipientCounts::NoteExport(const custody::Access& access) {
  if (access.way != custody::Access::Way::kExport) return;
  // A plain bundle's sealed files are for the identity that is in it.
  const std::set recipients(access.recipients.begin(), access.recipients.end());
  exports_.push_back({access.items, std::max<std::size_t>(recipients.size(), 1)});
}

std::vector<RecipientCounts::Odd> RecipientCounts::Find() const {
  std::map<std::size_t, Sequences> by_count;
  for (const auto& [sequence, recipients] : found_) by_count[recipients].insert(sequence);
  Sequences unannounced;
  for (auto& [recipients, files] : by_count) {
    Sequences announced;
    for (const Export& one : exports_) {
      if (one.recipients == recipients) TakeNamed(one.items, files, announced);
    }
    unannounced.merge(files);
  }
  Sequences odd;
  for (const Export& one : exports_) TakeNamed(one.items, unannounced, odd);
  std::vector<Odd> found;
  std::ranges::transform(odd, std::back_inserter(found), [&](tlog::Sequence sequence) {
    return Odd{sequence, found_.at(sequence)};
  });
  return found;
}

}  // namespace exhibit::bundle
