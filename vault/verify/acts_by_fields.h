// The entries whose fields may name items: access, note, transfer, receipt. Which items they name is sealed, and in no index:
// whoever asks opens the fields of each.
//
// A store's index lists these entries (custody/act_index.h). Where it does not, the log is read through.
#pragma once

#include <atomic>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/custody/act_index.h"
#include "vault/tlog/tree.h"
#include "vault/verify/source.h"

namespace exhibit::verify {

// A row for each of them among the first `size` entries, ascending; none for an entry that is lost. kInterrupted; errors of
// the source.
Result<std::vector<custody::ActRow>> FindActsByFields(const LogSource& source, tlog::TreeSize size, Pool& pool,
                                                      const std::atomic<bool>* interrupted);

}  // namespace exhibit::verify
