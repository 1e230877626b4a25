// Signs the heads of a log: every key that the log has at that size signs, the checkpoint is recorded in the store, and
// the kept heads are replaced.
#pragma once

#include <span>
#include <vector>

#include "vault/custody/log_keys.h"
#include "vault/store/kept_heads.h"
#include "vault/store/store.h"
#include "vault/tlog/ml_dsa_key.h"
#include "vault/tlog/note_key.h"
#include "vault/tlog/tree.h"

namespace exhibit::store {

// The log's keys that are at hand, which must outlive it: those that sign and, while they are being replaced, those that
// take their place. Which of them sign, the log says.
struct LogSigners {
  LogSigners(std::span<const tlog::SigningKey> all_ed25519, std::span<const tlog::MlDsaSigningKey> all_ml_dsa = {})
      : ed25519(all_ed25519), ml_dsa(all_ml_dsa) {}
  std::span<const tlog::SigningKey> ed25519;
  std::span<const tlog::MlDsaSigningKey> ml_dsa;
};

class HeadSigner {
 public:
  // The keys at hand, and where heads are kept.
  HeadSigner(LogSigners keys, std::vector<HeadFile> heads) : keys_(keys), heads_(std::move(heads)) {}

  void UseKeys(LogSigners keys) { keys_ = keys; }

  // The key at hand that is this one. kDenied naming it if it is not here.
  Result<const tlog::SigningKey*> Find(const tlog::VerifierKey& key) const;

  // Whether Sign could sign for these keys. kDenied naming one that is not at hand; kUnsupported for a log that has an
  // ML-DSA-44 key where this program has no ML-DSA-44.
  Result<void> CanSign(const custody::LogKeyList& keys) const;

  // The checkpoint of this tree, signed by `keys`. Errors as of CanSign, of the store and of HeadFile.
  Result<tlog::Checkpoint> Sign(Store& store, const tlog::GrowingTree& tree, const custody::LogKeyList& keys) const;

 private:
  Result<const tlog::MlDsaSigningKey*> Find(const tlog::MlDsaKey& key) const;

  LogSigners keys_;
  std::vector<HeadFile> heads_;
};

}  // namespace exhibit::store
