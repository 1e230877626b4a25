#include "vault/verify/lost_entries.h"

#include "vault/base/format.h"

namespace exhibit::verify {
namespace {

constexpr std::string_view kFindIt =
    "if a backup, a published copy or a bundle has it: exhibit rescue VAULT --to NEW --also PLACE";

}  // namespace

Error LostEntry(tlog::Sequence at) {
  return {ErrorCode::kTampered,
          Format("{} is lost: the log proves its place and its hash, and the store does not have it", NameOf(at)),
          std::string(kFindIt)};
}

Error LostLaw(tlog::Sequence at, std::string_view consequence, std::string_view else_do) {
  return {ErrorCode::kTampered,
          Format("{} is lost, and it changed who may act, or which keys sign or read: {}", NameOf(at), consequence),
          Format("{}. If nobody has it, {}", kFindIt, else_do)};
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
