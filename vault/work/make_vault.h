// Making a vault: its folder, its keys, its first entry.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "vault/session/vault.h"

namespace exhibit::work {

struct NewVault {
  std::filesystem::path folder;
  tlog::Origin origin;
  std::string custodian_name;  // for people; the key's name is made of it
  std::vector<seal::X25519Recipient> readers;
  // Seals the secret half of the vault key if there are no readers.
  const crypto::SecretText* reader_passphrase = nullptr;
  // Seals both signing keys; null keeps them plain.
  const crypto::SecretText* key_passphrase = nullptr;
  std::filesystem::path custodian_key;  // the file to write
  seal::WorkFactor work = seal::kWritingWorkFactor;
  const store::Engine* engine = nullptr;  // of its store; null for RocksDB in the vault's folder
};

struct MadeVault {
  custody::Fingerprint fingerprint;
  tlog::VerifierKey log_key;
  tlog::VerifierKey custodian_key;
  seal::X25519Recipient recipient;
  tlog::Checkpoint checkpoint;
};

// Makes a vault. The folder appears whole or not at all.
//   kExists    the folder is not empty, the key file is there, or the user's state directory keeps a
//              head of this origin: an origin names one vault, ever
//   kInvalid   the custodian's name cannot be one
Result<MadeVault> MakeVault(const NewVault& options);

}  // namespace exhibit::work
