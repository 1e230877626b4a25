// Shared by opening a vault for reading, for writing, and for showing one that is refused. Internal to
// the files that implement vault.h.
#pragma once

#include "vault/session/vault.h"
#include "vault/store/kept_heads.h"

namespace exhibit {

// The heads that a vault must agree with, byte for byte. Read before the store is opened,
// and the user's before the vault's: a writer goes the other way (store, HEAD, user), so a reader
// beside it finds each at least as new as the one before, and never mistakes progress for a loss.
struct VaultReader::Heads {
  store::HeadFile user_file{{}};
  std::optional<Bytes> user;
  Bytes vault;
  std::string remark;  // why there is no user's head to compare with
};

namespace opening {

// kNotFound if there is no vault at `folder`, kPermission if that cannot be seen.
Result<void> RequireVault(const std::filesystem::path& folder);
// The writer's lock. On a read-only medium the error names a way out.
Result<FileLock> LockVault(const VaultPaths& paths, std::chrono::milliseconds patience);
// The engine given or, if there is none, RocksDB.
const store::Engine& EngineOr(const store::Engine* engine);
// The store; kPermission, naming the file, if this user may not read one.
Result<std::unique_ptr<store::ReadableStore>> OpenToRead(const VaultPaths& paths, const store::Engine* engine);
Result<Bytes> ReadVaultHead(const std::filesystem::path& path);
Failure NotAHead(const std::filesystem::path& path, const Error& reason);
// The keys of checkpoints: the genesis names the first; an entry that replaces one must be signed by the
// key before and by the new one. kTampered if it is not.
Result<custody::LogKeys> ReadLogKeys(const store::ReadableStore& store, const custody::SignedEntry& genesis);
Result<custody::NamedItem> NamedItemIn(const verify::LogSource& log, tlog::Sequence at);

// Records the present digest of a key's file (store/folder_sums.h).
Result<void> NoteKeyFile(const std::filesystem::path& file);
// Replaces `file` by `next`, and records the digest before and after (store/folder_sums.h).
Result<void> AllowNextKeyFile(const std::filesystem::path& file, const std::filesystem::path& next);

// Finishes an interrupted change of the vault key's file if the log names the new file, and
// otherwise undoes it.
Result<void> FinishKeyFile(const VaultPaths& paths, const std::optional<crypto::Sha256Digest>& named);
// Replaces the file by the one that is ready, and overwrites the old one once no crash can bring it back.
Result<void> PutNextKeyFileInPlace(const VaultPaths& paths);

}  // namespace opening
}  // namespace exhibit
