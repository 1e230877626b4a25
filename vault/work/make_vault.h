// Making a vault: its folder, its keys, its first entry.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vault/custody/person_facts.h"
#include "vault/session/vault.h"

namespace exhibit::work {

struct NewVault {
  std::filesystem::path folder;
  tlog::Origin origin;
  custody::PersonFacts custodian;  // the first one, who is person 1; its key's handle is the origin's first
  std::vector<custody::ReaderFacts> readers = {};
  // Seals the secret half of the vault key, and the recovery key, if there are no readers.
  const crypto::SecretText* reader_passphrase = nullptr;
  // Seals the signing keys and the label secret; null keeps them plain.
  const crypto::SecretText* key_passphrase = nullptr;
  std::filesystem::path custodian_key;  // the file to write
  custody::LabelCount label_count = {};
  std::optional<custody::Suite> suite = {};  // nothing: hybrid where this build has it
  enum class Recovery : std::uint8_t { kByReaders, kNone } recovery = Recovery::kByReaders;
  std::optional<custody::Continues> continues = {};  // the vault before
  seal::WorkFactor work = seal::kWritingWorkFactor;
  const store::Engine* engine = nullptr;  // of its store; null for RocksDB in the vault's folder
};

struct MadeVault {
  custody::Fingerprint fingerprint;
  tlog::VerifierKey log_key;
  tlog::VerifierKey custodian_key;
  std::optional<tlog::VerifierKey> recovery_key;
  custody::VaultRecipient recipient;
  tlog::Checkpoint checkpoint;
};

// Makes a vault. The folder appears whole or not at all.
//   kExists       the folder is not empty, the key file is there, or the user's state directory keeps a
//                 head of this origin: an origin names one vault, ever
//   kInvalid      a reader is no recipient, or the custodian has no name
//   kUnsupported  the hybrid suite was asked for, and is not here
Result<MadeVault> MakeVault(const NewVault& options);

}  // namespace exhibit::work
