// Signing keys at rest: an age file under a passphrase, or, where a machine runs unattended and its
// owner asked for it, the key's text in a file that only its user can read.
//
//   age file, armored:  the text "PRIVATE+KEY+<name>+<id>+<base64>\n" sealed by scrypt
//   plain:              the same text, mode 0600; refused if others can read it
#pragma once

#include <filesystem>
#include <functional>

#include "vault/base/error.h"
#include "vault/crypto/secret.h"
#include "vault/seal/recipient.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {

// Gives a passphrase for the thing that `what` names, or an error that says how one can be given.
using PassphraseProvider = std::function<Result<crypto::SecretText>(std::string_view what)>;

// Writes a new file. kExists if there is one.
Result<void> SaveSealedKey(const std::filesystem::path& path, const tlog::SigningKey& key,
                           const crypto::SecretText& passphrase,
                           seal::WorkFactor work = seal::kWritingWorkFactor);
Result<void> SavePlainKey(const std::filesystem::path& path, const tlog::SigningKey& key);

// Asks `passphrase` only if the file is sealed. kDenied for a wrong passphrase, or a plain file that
// others can read.
Result<tlog::SigningKey> LoadKey(const std::filesystem::path& path, const PassphraseProvider& passphrase);

}  // namespace exhibit::custody
