// The numbers that collectors gave their items, noted as the log is replayed. A missing number was lost on
// its way, or somebody kept it back.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "vault/custody/entry.h"
#include "vault/verify/report.h"

namespace exhibit::verify {

class CollectedNotes {
 public:
  // REQUIRES: the rules accepted it.
  void Add(const custody::Entry& entry);
  // REQUIRES: the log was replayed from its beginning.
  void RemarkGaps(Report& report) const;

 private:
  std::map<std::string, std::set<std::uint64_t>> numbers_;  // by collector
};

}  // namespace exhibit::verify
