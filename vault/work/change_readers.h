// Changing who reads: the files of the vault's key and of its recovery key are sealed to other readers.
#pragma once

#include <cstdint>
#include <vector>

#include "vault/custody/person_facts.h"
#include "vault/session/reader_keys.h"
#include "vault/session/vault_writer.h"

namespace exhibit::work {

struct ReadersRequest {
  std::vector<custody::ReaderFacts> readers;  // all there are from here on; none: the passphrase seals the keys
  const crypto::SecretText* passphrase = nullptr;
  // Those that the file of the vault's key holds now (OpenReaderKeys).
  seal::Identities keys;
  // A reader who leaves knows the recovery key: a change of readers makes a new one, where the vault has one.
  enum class Recovery : std::uint8_t {
    kRenew,  // a new one, where the vault has one
    kMake,   // a new one, where the vault has none too
    kEnd,
  } recovery = Recovery::kRenew;
  store::Fields fields = {};  // beside `reader-1` …, such as `reason`
  const tlog::SigningKey* cosigner = nullptr;
  seal::WorkFactor work = seal::kWritingWorkFactor;
};

// From an entry on, the vault's key is sealed to these readers, or to this passphrase, and to nobody else. REQUIRES: readers,
// or a passphrase and a field. A crash leaves the old files or the new
// ones, and the next writer ends what was begun. kInvalid for a recipient of no known kind, the same one twice, or more than
// custody::kMaxReaders.
Result<store::Committed> ChangeReaders(VaultWriter& vault, const ReadersRequest& request);

// The readers that the newest entry with them tells; none where the key is sealed to a passphrase. kDenied if the keys do
// not open that entry.
Result<std::vector<custody::ReaderFacts>> PresentReaders(const VaultReader& vault, seal::Identities keys);

// What a key's file is sealed to, each once. kInvalid or kUnsupported naming the reader.
Result<std::vector<seal::Recipient>> RecipientsOf(const std::vector<custody::ReaderFacts>& readers);

}  // namespace exhibit::work
