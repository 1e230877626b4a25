// The chains of collectors: each statement names the one before it by its hash, and each run ends with a closing statement.
// So whoever keeps back the last items, a run or a stick is named. Statements come in any order: one stick may come first.
//
// A number of a handle is in a log once; a handle keeps its numbers when its key is replaced.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "vault/custody/position_ranges.h"
#include "vault/custody/statements/collected.h"

namespace exhibit::custody {

// One number of one collector.
struct CollectedNumber {
  std::string handle;  // the name of its key
  std::uint64_t number = 0;
  auto operator<=>(const CollectedNumber&) const = default;
};
CollectedNumber NumberOf(const Collected& collected);

class Collectors {
 public:
  bool Knows(const CollectedNumber& number) const;
  void Add(const SignedCollected& statement);
  void Add(const SignedClosedRun& statement);

  // What is missing of each handle's chain, as far as it was taken in; nothing where all is here.
  struct Gap {
    std::string handle;
    std::vector<ItemSet::Range> missing_numbers;  // between 1 and the last that is known of
    std::uint64_t last = 0;
    bool is_open = false;    // a run has no closing statement
    bool is_broken = false;  // a statement names one before it that is not here, or two name the same
  };
  std::vector<Gap> Gaps() const;
  // The same of each handle, also where nothing is missing: up to which number it collected.
  std::vector<Gap> All() const;

 private:
  struct Chain {
    PositionRanges numbers;
    std::uint64_t last = 0;
    std::map<StatementDigest, bool> ends;  // statements after which none is here; whether each closes a run
    std::set<StatementDigest> wanted;      // that statements name as the one before them, and that are not here
  };
  static void Link(Chain& chain, const StatementDigest& prev, const StatementDigest& digest, bool closes);
  std::map<std::string, Chain> chains_;
};

}  // namespace exhibit::custody
