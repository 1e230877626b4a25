// What opening a vault needs, for reading, for writing and for looking at one that is refused. Internal to
// the files of vault.h.
#pragma once

#include "vault/store/kept_heads.h"
#include "vault/vault.h"

namespace exhibit {

// The heads that a vault is held to, as they stand in their files. Read before the store is opened,
// and the user's before the vault's: a writer goes the other way (store, HEAD, user), so that a reader
// beside it finds each at least as new as the one before, and never takes progress for a loss.
struct VaultReader::Heads {
  store::HeadFile user_file{{}};
  std::optional<Bytes> user;
  Bytes vault;
  std::string remark;  // why there is no user's head to compare with
};

namespace opening {

// kNotFound if there is no vault at `folder`.
Result<void> RequireVault(const std::filesystem::path& folder);
Result<Bytes> ReadVaultHead(const std::filesystem::path& path);
Failure NotAHead(const std::filesystem::path& path, const Error& reason);
// The keys of checkpoints: the genesis names the first, and each entry that replaces one is signed by the
// key before and by the new one, which is checked here. kTampered if one is not.
Result<custody::LogKeys> ReadLogKeys(const store::ReadableStore& store, const custody::SignedEntry& genesis);
Result<custody::NamedItem> NamedItemIn(const store::ReadableStore& store, tlog::Sequence at);

}  // namespace opening
}  // namespace exhibit
