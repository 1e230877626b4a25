// Compares the index of acts with the entries: it must have the rows that they make, and no others.
#pragma once

#include <set>
#include <vector>

#include "vault/custody/act_index.h"
#include "vault/verify/report.h"
#include "vault/verify/source.h"

namespace exhibit::verify {

struct IndexExpectation {
  std::vector<custody::ActRow> rows;  // of the entries that were replayed
  std::set<tlog::Sequence> unknown;   // entries that could not be read; their rows are unknown
  tlog::Sequence first;               // where the replay began
  tlog::TreeSize size;                // where it ended; later rows are of entries that were not acknowledged
};

// A finding for each entry whose rows are wrong; none if the source keeps no index.
// If the replay did not begin at entry 0, it compares only the subjects that the replayed entries name; a full
// replay finds a surplus row under another subject.
std::vector<Finding> CheckIndex(const Source& source, IndexExpectation expected);

}  // namespace exhibit::verify
