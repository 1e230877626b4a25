// A set of positions kept as ranges: what it takes follows the text of the entries, and not how much they name, because a
// hostile entry can name 65,536 items in a dozen bytes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "vault/custody/item_set.h"

namespace exhibit::custody {

class PositionRanges {
 public:
  PositionRanges() = default;
  explicit PositionRanges(const ItemSet& items) { Add(items); }

  bool empty() const { return last_of_.empty(); }
  bool Has(std::uint64_t position) const;
  // The first of these items that is in the set, or that is not.
  std::optional<std::uint64_t> FindCommon(const ItemSet& items) const;
  std::optional<std::uint64_t> FindMissing(const ItemSet& items) const;
  // The range that holds the position, or the first after it.
  std::optional<ItemSet::Range> RangeFrom(std::uint64_t position) const;

  void Add(const ItemSet::Range& range);
  void Add(const ItemSet& items);
  void Remove(const ItemSet& items);
  bool operator==(const PositionRanges&) const = default;

 private:
  void Remove(const ItemSet::Range& range);
  std::map<std::uint64_t, std::uint64_t> last_of_;  // by the first of each; they neither overlap nor touch
};

}  // namespace exhibit::custody
