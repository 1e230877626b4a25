// Another passphrase for a key file, or none. The key stays the same.
//
//   a signing key of a custodian or collector    a file of its owner; no entry
//   keys/log.key and keys/label.key              in the vault; no entry, because no entry names their files
//   keys/reader.age and keys/recovery.age        ChangeReaders (change_readers.h), under an entry that names the new file;
//                                                the recovery key is made anew
//
// Each file is written anew and read back, takes the place of the other, and then the other's bytes are overwritten. A crash
// leaves each file as it was or as it becomes; what else it leaves is overwritten and removed by the next call, and by the
// next writer in keys/. Whoever kept a copy of the old file still opens that with the old passphrase.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>

#include "vault/custody/key_file.h"

namespace exhibit::work {

// `old` opens the file; `next`, null for none, protects it from here on.
struct NextPassphrase {
  custody::PassphraseProvider old;
  const crypto::SecretText* next = nullptr;
  seal::WorkFactor work = seal::kWritingWorkFactor;
};

// Errors as of custody::LoadKey; kIo. REQUIRES: `file` is a signing key's, outside of a vault.
Result<void> ProtectSigningKey(const std::filesystem::path& file, const NextPassphrase& passphrase);

struct VaultLock {
  std::filesystem::path folder;
  std::chrono::milliseconds patience{0};
  const std::atomic<bool>* interrupted = nullptr;
};
// Both of the vault's keys that machines which add need. A crash between them leaves one under each passphrase; the same call
// again asks for both and ends it.
//   kBusy     another process adds
//   kInvalid  the log's key is being replaced
Result<void> ProtectLogKeys(const VaultLock& vault, const NextPassphrase& passphrase);

}  // namespace exhibit::work
