// Recording, before content leaves, who takes it out and why.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/custody/access_grant.h"
#include "vault/session/vault.h"

namespace exhibit::work {

// Opens the vault for one act, with the key that will sign it. A job calls it when it has something to record, so that
// the vault is locked no longer than that takes.
using OpenWriter = std::function<Result<std::unique_ptr<VaultWriter>>(const custody::ActForm& form, Pool& pool)>;

// What is about to be taken out.
struct AccessRecord {
  custody::AccessWay way = custody::AccessWay::kRead;
  std::vector<tlog::Sequence> items;
  std::string purpose;                       // empty: none is recorded
  std::vector<std::string> recipients = {};  // of an export
  std::vector<std::string> cases = {};       // whose labels the entries get
};

// Records it, in as many entries as that takes. kInvalid for no items, and for a purpose that may not be signed
// (custody/free_text.h); else errors as of VaultWriter::CommitAccess.
Result<custody::AccessGrant> RecordAccess(VaultWriter& vault, const AccessRecord& record);

// The cases of these items, as their fields tell them, in byte order: whose labels an act on them gets. Items that the keys
// do not open, or that were shredded, add none. None at all if they are more than an entry of this vault has labels for.
std::vector<std::string> CasesOf(const VaultReader& vault, seal::Identities keys,
                                 const std::vector<tlog::Sequence>& items, Pool& pool);

}  // namespace exhibit::work
