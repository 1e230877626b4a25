#include "vault/store/head_signer.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/tlog/checkpoint.h"

namespace exhibit::store {
namespace {

std::string NameOf(const tlog::KeyName& name, const tlog::KeyId& id) {
  return Format("{}+{}", Printable(name.text()), ToHex(id.view()));
}

Failure NotAtHand(const tlog::KeyName& name, const tlog::KeyId& id) {
  return Fail(ErrorCode::kDenied, Format("the log's key {} is not at hand", NameOf(name, id)));
}

}  // namespace

Result<const tlog::SigningKey*> HeadSigner::Find(const tlog::VerifierKey& key) const {
  for (const tlog::SigningKey& one : keys_.ed25519) {
    if (one.verifier() == key) return &one;
  }
  return NotAtHand(key.name(), key.id());
}

Result<const tlog::MlDsaSigningKey*> HeadSigner::Find(const tlog::MlDsaKey& key) const {
  for (const tlog::MlDsaSigningKey& one : keys_.ml_dsa) {
    if (one.verifier() == key) return &one;
  }
  return NotAtHand(key.name(), key.id());
}

Result<void> HeadSigner::CanSign(const custody::LogKeyList& keys) const {
  TRY_VOID(Find(keys.ed25519));
  if (!keys.ml_dsa) return {};
  if (crypto::HasMlDsa()) {
    TRY_VOID(Find(*keys.ml_dsa));
    return {};
  }
  return Fail(ErrorCode::kUnsupported,
              Format("the log's key {} makes ML-DSA-44 signatures, and this program has no ML-DSA-44",
                     NameOf(keys.ml_dsa->name(), keys.ml_dsa->id())),
              "write to this vault where OpenSSL is 3.5 or newer, as on Debian 13; reading and verifying work here");
}

Result<tlog::Checkpoint> HeadSigner::Sign(Store& store, const tlog::GrowingTree& tree,
                                          const custody::LogKeyList& keys) const {
  TRY_VOID(CanSign(keys));
  TRY(const tlog::SigningKey* const key, Find(keys.ed25519));
  TRY(const tlog::Origin origin, tlog::Origin::Parse(keys.ed25519.name().text()));
  tlog::Checkpoint checkpoint{origin, tree.size(), tree.Root()};
  TRY(Bytes note, tlog::SignCheckpoint(checkpoint, *key));
  if (keys.ml_dsa) {
    TRY(const tlog::MlDsaSigningKey* const other, Find(*keys.ml_dsa));
    // The log claims no time.
    TRY(const std::string line, other->Sign(tlog::EncodeCheckpoint(checkpoint), 0));
    Append(note, ViewOf(line));
  }
  TRY_VOID(store.PutCheckpoint(checkpoint.size, note));
  for (const HeadFile& head : heads_) TRY_VOID(head.Replace(note));
  return checkpoint;
}

}  // namespace exhibit::store
