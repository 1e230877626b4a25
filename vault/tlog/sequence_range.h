// Ranges of entries' numbers, first and last included, and how a list of them is printed: "7, 9-12".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "vault/tlog/sequence.h"

namespace exhibit::tlog {

struct SequenceRange {
  Sequence first;
  Sequence last;
  std::uint64_t count() const { return last.value - first.value + 1; }
  // "7", or "9-12".
  std::string ToText() const;
  bool operator==(const SequenceRange&) const = default;
};

// Makes one range of numbers without a gap. REQUIRES: `positions` ascend, none twice.
std::vector<SequenceRange> RangesOf(std::span<const Sequence> positions);

// "7, 9-12". If there are more ranges than `most`: the first of them, then "and more".
std::string ListOf(std::span<const SequenceRange> ranges, std::size_t most = 8);

}  // namespace exhibit::tlog
