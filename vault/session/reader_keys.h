// The file of the vault's key, keys/reader.age: who reads, opens it.
//
// It is an age file, armored, sealed to the readers or to a passphrase. Inside is an identity file: the secret
// half of the vault's key, and, while the vault moves to a new key, that of the one before behind it. The log
// names the digest of each file that takes its place (`reader` and `reseal` entries): so a change that was
// interrupted is known to be wanted or not, and a file that somebody else put there is seen.
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

// What the file is sealed to: readers, or, where there are none, the passphrase.
struct KeyFileSeal {
  std::vector<seal::X25519Recipient> readers;
  const crypto::SecretText* passphrase = nullptr;
  seal::WorkFactor work = seal::kWritingWorkFactor;
};

// REQUIRES: keys are not empty; there are readers or a passphrase.
Result<Bytes> SealKeyFile(seal::Identities keys, const KeyFileSeal& seal);

// The vault's keys, by one of the readers' identities or by the passphrase that the file is sealed to. kWrongKey if what
// was given does not open it, kDenied if nothing was.
Result<VaultKeys> OpenReaderKeys(const std::filesystem::path& vault, std::span<const seal::X25519Identity> identities,
                                 const custody::PassphraseProvider& passphrase);

// Whether the file is sealed to a passphrase, and its digest.
struct KeyFileLook {
  bool passphrase = false;
  crypto::Sha256Digest digest;
};
Result<KeyFileLook> LookAtKeyFile(const std::filesystem::path& file);

}  // namespace exhibit
