// Positions from one to another, both included, and how a list of them is told: "7, 9-12".
#pragma once

#include <span>
#include <string>
#include <vector>

#include "vault/tlog/sequence.h"

namespace exhibit::tlog {

struct SequenceRange {
  Sequence first;
  Sequence last;
  std::uint64_t count() const { return last.value - first.value + 1; }
  std::string ToText() const {
    return std::to_string(first.value) + (first == last ? "" : "-" + std::to_string(last.value));
  }
  bool operator==(const SequenceRange&) const = default;
};

// What follows without a gap becomes one range. `positions` ascend, none twice.
std::vector<SequenceRange> RangesOf(std::span<const Sequence> positions);

// "7, 9-12"; of more ranges than `most` the first, with "and more" behind.
std::string ListOf(std::span<const SequenceRange> ranges, std::size_t most = 8);

}  // namespace exhibit::tlog
