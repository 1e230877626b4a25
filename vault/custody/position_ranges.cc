#include "vault/custody/position_ranges.h"

#include <algorithm>
#include <iterator>

namespace exhibit::custody {

std::optional<ItemSet::Range> PositionRanges::RangeFrom(std::uint64_t position) const {
  auto next = last_of_.upper_bound(position);
  if (next != last_of_.begin()) {
    const auto before = std::prev(next);
    if (before->second >= position) return ItemSet::Range{before->first, before->second};
  }
  if (next == last_of_.end()) return std::nullopt;
  return ItemSet::Range{next->first, next->second};
}

bool PositionRanges::Has(std::uint64_t position) const {
  const auto range = RangeFrom(position);
  return range && range->first <= position;
}

std::optional<std::uint64_t> PositionRanges::FindCommon(const ItemSet& items) const {
  for (const ItemSet::Range& range : items.ranges()) {
    const auto mine = RangeFrom(range.first);
    if (mine && mine->first <= range.last) return std::max(mine->first, range.first);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> PositionRanges::FindMissing(const ItemSet& items) const {
  for (const ItemSet::Range& range : items.ranges()) {
    const auto mine = RangeFrom(range.first);
    if (!mine || mine->first > range.first) return range.first;
    if (mine->last < range.last) return mine->last + 1;
  }
  return std::nullopt;
}

void PositionRanges::Add(const ItemSet::Range& range) {
  std::uint64_t first = range.first;
  std::uint64_t last = range.last;
  auto next = last_of_.upper_bound(first);
  if (next != last_of_.begin() && std::prev(next)->second + 1 >= first) --next;
  while (next != last_of_.end() && next->first <= last + 1) {
    first = std::min(first, next->first);
    last = std::max(last, next->second);
    next = last_of_.erase(next);
  }
  last_of_.emplace(first, last);
}

void PositionRanges::Remove(const ItemSet::Range& range) {
  while (const auto mine = RangeFrom(range.first)) {
    if (mine->first > range.last) return;
    last_of_.erase(mine->first);
    if (mine->first < range.first) last_of_.emplace(mine->first, range.first - 1);
    if (mine->last > range.last) last_of_.emplace(range.last + 1, mine->last);
  }
}

void PositionRanges::Add(const ItemSet& items) {
  for (const ItemSet::Range& range : items.ranges()) Add(range);
}
void PositionRanges::Remove(const ItemSet& items) {
  for (const ItemSet::Range& range : items.ranges()) Remove(range);
}

}  // namespace exhibit::custody
