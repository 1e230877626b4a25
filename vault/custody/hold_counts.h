// How many holds each item has, counted by ranges: a short entry can name 65,536 items, and a hostile
// bundle can hold many such entries, so what is kept follows the entries' text and not what they name.
//
// A step function over positions. Each step says how many holds there are from its position to the next step;
// before the first step there are none, neighbours differ, and the last step is 0.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "vault/custody/item_set.h"

namespace exhibit::custody {

class HoldCounts {
 public:
  std::uint64_t At(std::uint64_t item) const;
  // The first item of the set that is held, or that is not.
  std::optional<std::uint64_t> FindHeld(const ItemSet& items) const;
  std::optional<std::uint64_t> FindFree(const ItemSet& items) const;
  bool empty() const { return steps_.empty(); }

  void Add(const ItemSet& items);
  // REQUIRES: FindFree(items) is nothing.
  void Remove(const ItemSet& items);

  bool operator==(const HoldCounts&) const = default;

 private:
  enum class Change : std::uint8_t { kUp, kDown };
  void Move(const ItemSet::Range& range, Change change);
  // A step begins at `position` from now on, if only in name.
  void SplitAt(std::uint64_t position);
  void JoinAt(std::uint64_t position);

  std::map<std::uint64_t, std::uint64_t> steps_;
};

}  // namespace exhibit::custody
