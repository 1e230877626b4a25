#include "vault/verify/lost_entries.h"

#include "vault/base/format.h"

namespace exhibit::verify {

Error LostEntry(tlog::Sequence at) {
  return {ErrorCode::kTampered,
          Format("{} is lost: the log proves its place and its hash, and the store does not have it", NameOf(at)),
          "if a backup, a published copy or a bundle has it: exhibit rescue VAULT --to NEW --also PLACE"};
}

void LostEntries::Note(tlog::Sequence at) {
  const std::lock_guard lock(mutex_);
  met_.insert(at);
}

std::vector<tlog::Sequence> LostEntries::List() const {
  const std::lock_guard lock(mutex_);
  return {met_.begin(), met_.end()};
}

}  // namespace exhibit::verify
