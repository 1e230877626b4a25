// The recovery key: readers' way back in where a vault lost its custodians' keys. Its seed is in keys/recovery.age, sealed
// as keys/reader.age is; the log names its public half. A vault made with `init --no-recovery` has none.
//
//   PRIVATE+KEY+<origin>/recovery+<id>+<base64>\n      inside the age file
#pragma once

#include <filesystem>

#include "vault/base/error.h"
#include "vault/session/sealed_key_file.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/note_key.h"

namespace exhibit {

tlog::SigningKey GenerateRecoveryKey(const tlog::Origin& origin);

// The bytes of the file. Errors as of SealKeyText.
Result<Bytes> SealRecoveryKey(const tlog::SigningKey& key, const KeyFileSeal& seal);

// The same file, wherever it lies. Errors as of OpenKeyText; kInvalid if another key is in it.
Result<tlog::SigningKey> OpenRecoveryKeyFile(const std::filesystem::path& file, seal::Identities identities,
                                             const custody::PassphraseProvider& passphrase);
// kNotFound, with a reason for people, if the vault has none. Errors as of OpenKeyText; kInvalid if another key is in it.
Result<tlog::SigningKey> OpenRecoveryKey(const std::filesystem::path& vault, seal::Identities identities,
                                         const custody::PassphraseProvider& passphrase);

}  // namespace exhibit
