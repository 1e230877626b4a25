// The file of the vault key, keys/reader.age: readers open it.
//
// It is an age file, armored, sealed to the readers or to a passphrase. Inside is an identity file: the secret
// half of the vault key and, while the vault moves to a new key, after it that of the key before. The log
// names the digest of each new file (`reader` and `reseal` entries). So the next writer knows whether an
// interrupted change is wanted, and a file that somebody else put there is found.
#pragma once

#include <filesystem>
#include <vector>

#include "vault/base/error.h"
#include "vault/crypto/hash.h"
#include "vault/custody/key_file.h"
#include "vault/seal/recipient.h"

namespace exhibit {

// Newest first.
using VaultKeys = std::vector<seal::X25519Identity>;

// The file is sealed to readers or, if there are none, to a passphrase.
struct KeyFileSeal {
  std::vector<seal::X25519Recipient> readers;
  const crypto::SecretText* passphrase = nullptr;
  seal::WorkFactor work = seal::kWritingWorkFactor;
};

// REQUIRES: keys are not empty; there are readers or a passphrase.
Result<Bytes> SealKeyFile(seal::Identities keys, const KeyFileSeal& seal);

// Opens the file with a reader's identity or with its passphrase. kWrongKey if the
// given ones do not open it, kDenied if none were given.
Result<VaultKeys> OpenReaderKeys(const std::filesystem::path& vault, std::span<const seal::X25519Identity> identities,
                                 const custody::PassphraseProvider& passphrase);

// Whether the file is sealed to a passphrase, and its digest.
struct KeyFileLook {
  bool passphrase = false;
  crypto::Sha256Digest digest;
};
Result<KeyFileLook> LookAtKeyFile(const std::filesystem::path& file);

}  // namespace exhibit
