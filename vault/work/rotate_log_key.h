// Replacing the log's keys, which sign checkpoints (custody/log_keys.h).
#pragma once

#include <cstdint>
#include <optional>

#include "vault/session/vault_writer.h"

namespace exhibit::work {

struct NewLogKey {
  const crypto::SecretText* passphrase = nullptr;            // seals the new key; null keeps it plain
  std::optional<custody::EntryTime> compromised_since = {};  // of the old one
  store::Fields fields = {};                                 // such as `reason`
  const tlog::SigningKey* cosigner = nullptr;
  // Of an ML-DSA-44 key beside the Ed25519 key, where the log has none yet. A log that has one gets another anyway.
  enum class MlDsa : std::uint8_t { kAsBefore, kAdd } ml_dsa = MlDsa::kAsBefore;
  seal::WorkFactor work = seal::kWritingWorkFactor;
};

// The new keys are written beside the old ones, an entry that both Ed25519 keys sign names them, the head is signed with them,
// and the old ones are overwritten and gone. A crash between leaves both; the next writer goes on with those that the log
// names. The writer can do nothing else afterwards. kUnsupported where the log has or gets an ML-DSA-44 key and this program
// has none.
Result<store::Committed> RotateLogKey(VaultWriter& vault, const NewLogKey& request);

}  // namespace exhibit::work
