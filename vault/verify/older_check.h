// A head that is older than a checkpoint that the verifier kept: a copy that lags, or another history?
//
// The older copy cannot show it: the entries between the two are in the newer tree alone. So this asks somebody who has
// that tree, such as the verifier's own notes, or the vault itself.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/tlog/checkpoint.h"

namespace exhibit::verify {

// The root that the log had at a size, by somebody who keeps it; kNotFound if it never had that many entries.
using PastRoots = std::function<Result<tlog::RootHash>(tlog::TreeSize)>;

// Whether `head` is the beginning of the larger `kept`, by the first of `past` that has both.
//   kTampered  it is not: the log has two histories
//   kIo        none of them had `kept`, or could be read
Result<void> CheckBeginning(const std::vector<PastRoots>& past, const tlog::Checkpoint& head,
                            const tlog::Checkpoint& kept, std::string_view where);

}  // namespace exhibit::verify
