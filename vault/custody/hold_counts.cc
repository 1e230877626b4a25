#include "vault/custody/hold_counts.h"

#include <iterator>

namespace exhibit::custody {

std::uint64_t HoldCounts::At(std::uint64_t item) const {
  const auto after = steps_.upper_bound(item);
  return after == steps_.begin() ? 0 : std::prev(after)->second;
}

std::optional<std::uint64_t> HoldCounts::FindFree(const ItemSet& items) const {
  for (const ItemSet::Range& range : items.ranges()) {
    if (At(range.first) == 0) return range.first;
    for (auto step = steps_.upper_bound(range.first); step != steps_.end() && step->first <= range.last; ++step) {
      if (step->second == 0) return step->first;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> HoldCounts::FindHeld(const ItemSet& items) const {
  for (const ItemSet::Range& range : items.ranges()) {
    if (At(range.first) > 0) return range.first;
    for (auto step = steps_.upper_bound(range.first); step != steps_.end() && step->first <= range.last; ++step) {
      if (step->second > 0) return step->first;
    }
  }
  return std::nullopt;
}

void HoldCounts::Add(const ItemSet& items) {
  for (const ItemSet::Range& range : items.ranges()) Move(range, Change::kUp);
}

void HoldCounts::Remove(const ItemSet& items) {
  EXHIBIT_ASSERT(!FindFree(items));
  for (const ItemSet::Range& range : items.ranges()) Move(range, Change::kDown);
}

void HoldCounts::Move(const ItemSet::Range& range, Change change) {
  // An item comes before the entry that names it, so there is a position after it.
  const std::uint64_t end = range.last + 1;
  SplitAt(range.first);
  SplitAt(end);
  for (auto step = steps_.find(range.first); step->first != end; ++step) {
    step->second += change == Change::kUp ? 1U : ~std::uint64_t{0};
  }
  JoinAt(end);
  JoinAt(range.first);
}

void HoldCounts::SplitAt(std::uint64_t position) { steps_.try_emplace(position, At(position)); }

void HoldCounts::JoinAt(std::uint64_t position) {
  const auto step = steps_.find(position);
  const std::uint64_t before = step == steps_.begin() ? 0 : std::prev(step)->second;
  if (step->second == before) steps_.erase(step);
}

}  // namespace exhibit::custody
