// The files in keys/ (session/vault.h) while one is being replaced.
//
// The next file is ready and synced first; then an entry names the new key or the file's digest; then the next file takes
// the place of the other, whose bytes are overwritten. So the next writer after a crash knows from the log whether the file
// that is ready is wanted. Digests of both are kept beside them (store/folder_sums.h).
//
//   file          the next one                    wanted if the log's state names
//   log.key       log.key.next                    its key
//   log-pq.key    log-pq.key.next                 its key
//   reader.age    reader.age.next                 its digest
//   recovery.age  recovery.age.next-<id of key>   its key, and reader.age.next, where that is there too, is wanted
//   label.key     label.key.next                  (the same secret in another form: always undone)
//   log.key       log.key.next.new                (and log-pq.key likewise: a file while it is written, or the same key in another form: likewise)
//
// A change of readers makes reader.age.next before recovery.age.next and ends with it, so that a recovery.age.next without
// the other is never one of readers that the log does not name.
//
// Internal to session/ and work/.
#pragma once

#include <filesystem>
#include <optional>

#include "vault/base/error.h"
#include "vault/custody/facts.h"
#include "vault/custody/log_keys.h"
#include "vault/session/log_secrets.h"
#include "vault/session/reader_keys.h"
#include "vault/session/vault_paths.h"

namespace exhibit::key_files {

// A key's file while it is written, under a name that nothing reads yet.
std::filesystem::path UnderWay(std::filesystem::path path);

// Records the present digest of a key's file.
Result<void> NoteDigest(const std::filesystem::path& file);
// `next` takes the place of `file`, whose bytes are overwritten once no crash can bring them back.
Result<void> PutInPlace(const std::filesystem::path& next, const std::filesystem::path& file);

// The same of a user's own key, outside of keys/: no digest is recorded.
Result<void> TakePlaceOf(const std::filesystem::path& next, const std::filesystem::path& file);
// Overwrites and removes a file that was left of a replacement that was cut short. Nothing is done where there is none.
Result<void> RemoveLeft(const std::filesystem::path& next);

// The keys in log.key.next and log-pq.key.next, where they are there, take the places of the others, whose bytes are gone.
Result<void> PutNextLogKeysInPlace(const VaultPaths& paths);
// A replacement of the log's keys that was cut short is finished, or undone where no entry names the new ones. The keys of
// all files, as far as they could be opened, are `keys`.
Result<void> FinishLogKeys(const VaultPaths& paths, const LogSecrets& keys, const custody::LogKeys& known);

// Writes the file that is to take the place of the vault key's, and reads it back. Gives its digest.
Result<custody::KeyFileDigest> PrepareReaderKey(const VaultPaths& paths, seal::Identities keys,
                                                const KeyFileSeal& seal);
// The same for the recovery key's. After PrepareReaderKey, where an entry changes both.
Result<void> PrepareRecoveryKey(const VaultPaths& paths, const tlog::SigningKey& key, const KeyFileSeal& seal);
// After the entry, or after a crash: puts those that are ready in place if the log names them, and otherwise removes
// them. recovery.age goes where the log has no recovery key.
Result<void> FinishReaderKeys(const VaultPaths& paths, const custody::Facts& facts);

}  // namespace exhibit::key_files
