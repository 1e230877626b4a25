#include "vault/work/access.h"

#include <optional>
#include <set>

namespace exhibit::work {

Result<custody::AccessGrant> RecordAccess(VaultWriter& vault, custody::Access::Way way,
                                          const std::vector<tlog::Sequence>& items, const std::string& purpose,
                                          const std::vector<std::string>& recipients) {
  if (items.empty()) return Fail(ErrorCode::kInvalid, "no items", "name them by their numbers");
  std::optional<custody::AccessGrant> all;
  const std::set<tlog::Sequence> each(items.begin(), items.end());
  for (auto next = each.begin(); next != each.end();) {
    std::vector<tlog::Sequence> part;
    while (next != each.end() && part.size() < custody::ItemSet::kMaxItems) part.push_back(*next++);
    TRY(custody::ItemSet set, custody::ItemSet::Of(std::move(part)));
    TRY(custody::AccessGrant grant, vault.CommitAccess({way, std::move(set), purpose, recipients}));
    if (all) {
      all->Join(std::move(grant));
    } else {
      all.emplace(std::move(grant));
    }
  }
  return std::move(*all);
}

}  // namespace exhibit::work
