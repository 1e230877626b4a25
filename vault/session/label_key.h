// The label secret at rest, keys/label.key: machines that add can label entries for cases, and read nothing.
//
//   exhibit-label-secret+<base64 of 32 bytes>\n      in an age file under a passphrase, or plain (0600), as keys/log.key is
#pragma once

#include <filesystem>

#include "vault/base/error.h"
#include "vault/custody/key_file.h"
#include "vault/custody/labels.h"
#include "vault/session/vault_paths.h"

namespace exhibit {

// Writes a new file; plain if `passphrase` is null. kExists if there is one.
Result<void> SaveLabelSecret(const std::filesystem::path& file, const custody::LabelSecret& secret,
                             const crypto::SecretText* passphrase, seal::WorkFactor work = seal::kWritingWorkFactor);

// Errors as of custody::LoadKey.
Result<custody::LabelSecret> LoadLabelSecret(const VaultPaths& paths, const custody::PassphraseProvider& passphrase);

// Puts the same secret under another passphrase, or plain. A crash leaves the old file or the new one.
Result<void> ProtectLabelSecret(const VaultPaths& paths, const custody::LabelSecret& secret,
                                const crypto::SecretText* passphrase, seal::WorkFactor work = seal::kWritingWorkFactor);

}  // namespace exhibit
