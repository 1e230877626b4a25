// The file of the vault key, keys/reader.age: readers open it.
//
// Inside is an identity file: the secret half of the vault key and, while the vault moves to a new key, after it that of
// the key before. The log names the digest of each new file (`genesis`, `reader` and `reseal` entries). So the next writer
// knows whether an interrupted change is wanted, and a file that somebody else put there is found.
#pragma once

#include <filesystem>
#include <vector>

#include "vault/base/error.h"
#include "vault/seal/recipient.h"
#include "vault/session/sealed_key_file.h"

namespace exhibit {

// Newest first.
using VaultKeys = std::vector<seal::Identity>;

// REQUIRES: keys are age identities, at least one. Errors as of SealKeyText.
Result<Bytes> SealKeyFile(seal::Identities keys, const KeyFileSeal& seal);

// The same file, wherever it lies. Errors as of OpenKeyText, and of seal::ParseIdentityFile.
Result<VaultKeys> OpenReaderKeyFile(const std::filesystem::path& file, seal::Identities identities,
                                    const custody::PassphraseProvider& passphrase);
// Errors likewise; kNotFound where there is no vault.
Result<VaultKeys> OpenReaderKeys(const std::filesystem::path& vault, seal::Identities identities,
                                 const custody::PassphraseProvider& passphrase);

}  // namespace exhibit
