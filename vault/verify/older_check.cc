#include "vault/verify/older_check.h"

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/verify/kept_check.h"

namespace exhibit::verify {

Result<void> CheckBeginning(const std::vector<PastRoots>& past, const tlog::Checkpoint& head,
                            const tlog::Checkpoint& kept, std::string_view where) {
  for (const PastRoots& roots : past) {
    const auto of_kept = roots(kept.size);
    if (!of_kept || *of_kept != kept.root) continue;
    const auto then = roots(head.size);
    if (!then) continue;
    if (*then == head.root) return {};
    return Fail(ErrorCode::kTampered, Format("the log is not the one that was seen before: its head has {}; the "
                                             "checkpoint in {} has {}, and began with another",
                                             Describe(head), Printable(where), Describe(kept)));
  }
  return Fail(ErrorCode::kIo, Format("older than what was seen before (size {}, seen {} in {}), and what is between "
                                     "them is not at hand: whether the one is the beginning of the other is not known",
                                     head.size, kept.size, Printable(where)));
}

}  // namespace exhibit::verify
