// Shared by opening a vault for reading, for writing, and for showing one that is refused. Internal to session/ and work/.
#pragma once

#include "vault/base/file_lock.h"
#include "vault/session/vault_reader.h"
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
Result<FileLock> LockVault(const VaultPaths& paths, std::chrono::milliseconds patience,
                           const std::atomic<bool>* interrupted);
// The engine given or, if there is none, RocksDB.
const store::Engine& EngineOr(const store::Engine* engine);
// The store; kPermission, naming the file, if this user may not read one.
Result<std::unique_ptr<store::ReadableStore>> OpenToRead(const VaultPaths& paths, const store::Engine* engine);
Result<Bytes> ReadVaultHead(const std::filesystem::path& path);
Failure NotAHead(const std::filesystem::path& path, const Error& reason);
// The keys of checkpoints: the genesis names the first; an entry that replaces them must be signed by the log's Ed25519
// key before it and by the new one. kTampered if it is not.
Result<custody::LogKeys> ReadLogKeys(const store::ReadableStore& store, const custody::SignedEntry& genesis);
// What a state asks of entries before the head. REQUIRES: `log` outlives what asks.
custody::Ask AskOf(const verify::LogSource& log, tlog::TreeSize head);

}  // namespace opening
}  // namespace exhibit
