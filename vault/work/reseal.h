// Moving a vault to another vault key.
//
// Every earlier sealed file gets a header for the new key, in groups, with an entry for each; payloads stay as they are.
// The file of the vault's key holds the secrets of both until the old one is retired, because items that collectors sealed
// to the earlier key may still come in.
//
//   Reseal                 a new key pair, then groups; goes on where it was interrupted
//   DestroyEarlierHeaders  an earlier key that others have opens nothing of this vault any more, but what is `late`
//   RetireEarlierKeys      the file of the vault's key holds the present secret alone
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "vault/custody/person_facts.h"
#include "vault/session/reader_keys.h"
#include "vault/session/vault_writer.h"

namespace exhibit::work {

struct ResealRequest {
  seal::Identities keys;  // that the file of the vault's key holds now
  // Whom that file is sealed to (change_readers.h, PresentReaders); none: the passphrase seals it.
  std::vector<custody::ReaderFacts> readers;
  const crypto::SecretText* passphrase = nullptr;
  std::optional<custody::Suite> suite = {};  // of a new key; nothing: that of the present one
  // The headers that items had before.
  enum class Earlier : std::uint8_t { kKeep, kDestroy } earlier = Earlier::kKeep;
  store::Fields fields = {};  // of each entry, such as `reason`
  const tlog::SigningKey* cosigner = nullptr;
  std::function<void(std::uint64_t done, std::uint64_t all)> on_progress = {};
  const std::atomic<bool>* interrupted = nullptr;
  std::size_t group = custody::Reseal::kMaxItems;
  seal::WorkFactor work = seal::kWritingWorkFactor;
};

struct Resealed {
  std::vector<tlog::Sequence> entries;
  std::uint64_t items = 0;
  custody::VaultRecipient recipient;
  tlog::Checkpoint checkpoint;
  // Items that were taken in after the present key and had been collected for an earlier one, which still opens them.
  std::uint64_t late = 0;
};

// Puts a new key pair in the place of the vault's, or goes on where that was interrupted.
//   kTampered     an item's header is not the one that was signed
//   kInterrupted  after a group; finished groups stay
Result<Resealed> Reseal(VaultWriter& vault, const ResealRequest& request, Pool& pool);

// Whether a reseal was begun and not ended.
Result<bool> IsResealing(VaultWriter& vault);

// Destroys the headers that items had before the present key: each gets one more header for it, and those before are gone.
// `request.earlier` says nothing here. Two persons sign, where there are two.
// kInvalid if only late items are left: docs/FORMAT.md reseals what came before the present key alone.
Result<Resealed> DestroyEarlierHeaders(VaultWriter& vault, const ResealRequest& request, Pool& pool);

// From an entry on, the file of the vault's key holds the present secret alone. kInvalid, naming how many, if items are
// sealed to an earlier key alone, because a reseal was not ended, or because they were taken in after it and had been
// collected before: nobody could open them any more. Resealing to another new key helps.
Result<store::Committed> RetireEarlierKeys(VaultWriter& vault, const ResealRequest& request);

}  // namespace exhibit::work
