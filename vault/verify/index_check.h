// The index of acts against the entries: has it the rows that they make, and no others?
#pragma once

#include <set>
#include <vector>

#include "vault/custody/act_index.h"
#include "vault/verify/report.h"
#include "vault/verify/source.h"

namespace exhibit::verify {

struct IndexExpectation {
  std::vector<custody::ActRow> rows;  // of the entries that were replayed
  std::set<tlog::Sequence> unknown;   // entries that could not be read, whose rows nobody knows
  tlog::Sequence first;               // where the replay began
  tlog::TreeSize size;                // where it ended; rows behind it are of entries not acknowledged
};

// A finding for each entry whose rows are not as they should be; none where the source keeps no index.
// Where the replay did not begin at entry 0, only the subjects that its entries name are looked at: a row
// too many under another one is found by who reads all.
std::vector<Finding> CheckIndex(const Source& source, IndexExpectation expected);

}  // namespace exhibit::verify
