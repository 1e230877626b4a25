// A head that is older than a checkpoint that the verifier kept: a copy that lags, or another history?
//
// The older one cannot show it: what stands between the two is in the newer tree alone. So somebody is asked who has
// that tree, such as the verifier's own notes, or the vault itself.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/tlog/checkpoint.h"

namespace exhibit::verify {

// The root that the log of some keeper had at a size; kNotFound if it never had that many entries.
using PastRoots = std::function<Result<tlog::RootHash>(tlog::TreeSize)>;

// Whether `head` is the beginning of the larger `kept`, by one of `past` that has the one and the other.
//   kTampered  it is not: the log has two histories
//   kIo        none of them had `kept`, or could be read
Result<void> CheckBeginning(const std::vector<PastRoots>& past, const tlog::Checkpoint& head,
                            const tlog::Checkpoint& kept, std::string_view where);

}  // namespace exhibit::verify
