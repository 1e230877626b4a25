// The keys of a log that all sign its checkpoints: one Ed25519, and one ML-DSA-44 or none. Their name is the origin.
#pragma once

#include <optional>

#include "vault/tlog/ml_dsa_key.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {

struct LogKeyList {
  tlog::VerifierKey ed25519;
  std::optional<tlog::MlDsaKey> ml_dsa = {};
  bool operator==(const LogKeyList&) const = default;
};

}  // namespace exhibit::custody
