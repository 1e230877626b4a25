// Recovery by the readers: a vault whose custodians lost their keys, or who are not to be trusted any more, gets a new one.
//
// keys/recovery.age holds the recovery key, sealed to the readers. It signs an entry that admits a new custodian's key, as a
// new person, and stops all other custodians until the new one lifts them. Every verdict names that entry. (A head that was
// lost is another matter: recover_head.h.)
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "vault/custody/person_facts.h"
#include "vault/session/vault_writer.h"

namespace exhibit::work {

struct RecoverRequest {
  std::filesystem::path folder;
  seal::Identities identities;                         // of a reader; opens the recovery key
  custody::PersonFacts custodian;                      // who is admitted; its number is given by the log
  std::filesystem::path custodian_key;                 // the file to write; empty: UserKeyPath
  const crypto::SecretText* key_passphrase = nullptr;  // seals it; null keeps it plain
  // The key that was used is known to whoever did this: the entry names a new one, sealed to the same readers, or none.
  enum class Next : std::uint8_t { kRenew, kNone } next = Next::kRenew;
  // Seals the next one where there are no readers.
  const crypto::SecretText* reader_passphrase = nullptr;
  store::Fields fields = {};  // beside `custodian`, such as `reason`
  std::chrono::milliseconds patience{0};
  OpenOptions opening = {};
  seal::WorkFactor work = seal::kWritingWorkFactor;
};

struct Recovered {
  tlog::Sequence entry;
  tlog::VerifierKey custodian_key;
  custody::Person person;
  tlog::Checkpoint checkpoint;
};

// `passphrase` opens the log's key, and the recovery key where that is sealed to one. The new custodian's key is durable
// before the entry is; after an error it is removed again, unless the entry may be there.
//   kNotFound   the vault has no recovery key
//   kExists     the file of the new key is there
//   kWrongKey   the identities do not open the recovery key
//   kDenied     the rules do not allow it
Result<Recovered> Recover(const RecoverRequest& request, const custody::PassphraseProvider& passphrase, Pool& pool);

}  // namespace exhibit::work
