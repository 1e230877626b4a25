// Recording, before content leaves, who takes it out and why.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "vault/custody/access_grant.h"
#include "vault/session/vault.h"

namespace exhibit::work {

// Opens the vault for one act, with the key that will sign it. A job calls it when it has something to record, so that
// the vault is locked no longer than that takes.
using OpenWriter = std::function<Result<std::unique_ptr<VaultWriter>>(custody::Act act, Pool& pool)>;

// Records that content of `items` is about to be taken out, in entries of at most custody::ItemSet::kMaxItems each.
// kInvalid for none;
// else errors as of VaultWriter::CommitAct.
Result<custody::AccessGrant> RecordAccess(VaultWriter& vault, custody::Access::Way way,
                                          const std::vector<tlog::Sequence>& items, const std::string& purpose,
                                          const std::vector<std::string>& recipients = {});

}  // namespace exhibit::work
