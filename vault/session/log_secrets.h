// The secret halves of a log's keys, in keys/: log.key, and log-pq.key where the log has an ML-DSA-44 key.
//
// While they are being replaced there are two of a kind at hand (key_files.h). Which of them signs is for the log to say,
// which names it in an entry.
#pragma once

#include <vector>

#include "vault/custody/key_file.h"
#include "vault/custody/log_keys.h"
#include "vault/session/vault_paths.h"
#include "vault/store/head_signer.h"
#include "vault/tlog/ml_dsa_key.h"

namespace exhibit {

struct LogSecrets {
  std::vector<tlog::SigningKey> ed25519;      // one, or the one before and the next
  std::vector<tlog::MlDsaSigningKey> ml_dsa;  // likewise; empty where the log has none
  store::LogSigners Signers() const { return {ed25519, ml_dsa}; }
};

// Those that the log names, and those that are about to take their places, or already did.
//   kUnsupported  the log has an ML-DSA-44 key, and this program has no ML-DSA-44
//   kDenied       a file has another key than the log names; or as of custody::LoadKey
Result<LogSecrets> LoadLogSecrets(const VaultPaths& paths, const custody::LogKeys& known,
                                  const custody::PassphraseProvider& passphrase);

// The key in log-pq.key, or another file like it. Errors as of custody::LoadKey.
Result<tlog::MlDsaSigningKey> LoadMlDsaKey(const std::filesystem::path& path,
                                           const custody::PassphraseProvider& passphrase);

}  // namespace exhibit
