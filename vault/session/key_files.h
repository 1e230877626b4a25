// The two files in keys/ (session/vault.h) while one is being replaced.
//
// The next file is ready and synced first, as NAME.next; then an entry names the new key or the file's digest; then NAME.next
// takes the place of NAME, whose bytes are overwritten. So the next writer after a crash knows from the log whether the file
// that is ready is wanted. Digests of both are kept beside them (store/folder_sums.h).
//
// Internal to session/ and work/.
#pragma once

#include <filesystem>
#include <optional>
#include <span>

#include "vault/base/error.h"
#include "vault/crypto/hash.h"
#include "vault/custody/log_keys.h"
#include "vault/session/reader_keys.h"
#include "vault/session/vault_paths.h"

namespace exhibit::key_files {

// A key's file while it is written, under a name that nothing reads yet.
std::filesystem::path UnderWay(std::filesystem::path path);

// Records the present digest of a key's file.
Result<void> NoteDigest(const std::filesystem::path& file);

// The key in log.key.next takes the place of the other, whose bytes are gone.
Result<void> PutNextLogKeyInPlace(const VaultPaths& paths);
// A replacement of the log's key that was cut short is finished, or undone where no entry names the new key.
Result<void> FinishLogKey(const VaultPaths& paths, std::span<const tlog::SigningKey> keys,
                          const custody::LogKeys& known);

// Writes the file that is to take the place of the vault key's, and reads it back. Gives its digest.
Result<crypto::Sha256Digest> PrepareReaderKey(const VaultPaths& paths, seal::Identities keys, const KeyFileSeal& seal);
// Replaces the file by the one that is ready, and overwrites the old one once no crash can bring it back.
Result<void> PutNextReaderKeyInPlace(const VaultPaths& paths);
// A change of the vault key's file that was cut short is finished if the log names the new file, and otherwise undone.
Result<void> FinishReaderKey(const VaultPaths& paths, const std::optional<crypto::Sha256Digest>& named);

}  // namespace exhibit::key_files
