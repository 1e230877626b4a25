// Moving a vault to another vault key.
//
// Every earlier sealed file gets a header for the new key, in groups, with an entry for each; content and original headers
// stay as they are. The file of the vault's key holds both secrets until the last group is done, then the new alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "vault/session/vault_writer.h"

namespace exhibit::work {

struct ResealRequest {
  seal::Identities keys;                           // that the file holds now
  const crypto::SecretText* passphrase = nullptr;  // seals the file where there are no readers
  const tlog::SigningKey* cosigner = nullptr;
  std::function<void(std::uint64_t done, std::uint64_t all)> on_progress = {};
  const std::atomic<bool>* interrupted = nullptr;
  std::size_t group = custody::Reseal::kMaxItems;
  seal::WorkFactor work = seal::kWritingWorkFactor;
};

struct Resealed {
  std::vector<tlog::Sequence> entries;
  std::uint64_t items = 0;
  seal::X25519Recipient recipient;
  tlog::Checkpoint checkpoint;
};

// Puts a new key pair in the place of the vault's, or goes on where that was interrupted.
//   kTampered     an item's header is not the one that was signed
//   kInterrupted  after a group; finished groups stay
Result<Resealed> Reseal(VaultWriter& vault, const ResealRequest& request, Pool& pool);

// Whether a reseal was begun and not ended.
Result<bool> IsResealing(VaultWriter& vault);

}  // namespace exhibit::work
