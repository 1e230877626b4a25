// Positions and sizes of a log. A position is not a size: entry 7 exists in trees of size 8 and
// more.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace exhibit::tlog {

// The position of an entry, from 0.
struct Sequence {
  std::uint64_t value = 0;
  auto operator<=>(const Sequence&) const = default;
};
// As every message calls it: "entry 42".
std::string NameOf(Sequence sequence);

// A number of entries.
struct TreeSize {
  std::uint64_t value = 0;
  auto operator<=>(const TreeSize&) const = default;
};

}  // namespace exhibit::tlog
