// Replacing the log's key, which signs checkpoints (custody/log_keys.h).
#pragma once

#include <optional>

#include "vault/session/vault_writer.h"

namespace exhibit::work {

struct NewLogKey {
  const crypto::SecretText* passphrase = nullptr;  // seals the new key; null keeps it plain
  std::optional<Moment> compromised_since = {};    // of the old one
  seal::WorkFactor work = seal::kWritingWorkFactor;
};

// The new key is written beside the old one, an entry that both sign names it, the head is signed with it, and the old one
// is overwritten and gone. A crash between leaves both; the next writer goes on with the one that the log names. The writer
// can do nothing else afterwards.
Result<store::Committed> RotateLogKey(VaultWriter& vault, const NewLogKey& request);

}  // namespace exhibit::work
