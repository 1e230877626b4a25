#include "vault/crypto/ed25519.h"

#include <sodium.h>

#include "vault/base/error.h"
#include "vault/crypto/random.h"

namespace exhibit::crypto {

Ed25519Key::Ed25519Key(Ed25519Seed seed, Secret<ExpandedTag, 64> expanded, const Ed25519Public& public_key)
    : seed_(std::move(seed)), expanded_(std::move(expanded)), public_key_(public_key) {}

Ed25519Key Ed25519Key::Generate() { return FromSeed(RandomSecret<Ed25519SeedTag, 32>()); }

Ed25519Key Ed25519Key::FromSeed(Ed25519Seed seed) {
  Ed25519Public public_key;
  Secret<ExpandedTag, 64> expanded;
  const int status = crypto_sign_seed_keypair(public_key.mutable_view().data(),
                                              expanded.ExposeSecretForWriting().data(), seed.ExposeSecret().data());
  EXHIBIT_ASSERT(status == 0);
  return {std::move(seed), std::move(expanded), public_key};
}

Ed25519Signature Ed25519Key::Sign(ByteView message, SelfCheck check) const {
  Ed25519Signature signature;
  const int status = crypto_sign_detached(signature.mutable_view().data(), nullptr, message.data(), message.size(),
                                          expanded_.ExposeSecret().data());
  EXHIBIT_ASSERT(status == 0);
  EXHIBIT_ASSERT(check == SelfCheck::kByCaller || Ed25519Verify(public_key_, message, signature));
  return signature;
}

bool IsValidKey(const Ed25519Public& key) { return crypto_core_ed25519_is_valid_point(key.view().data()) == 1; }

bool Ed25519Verify(const Ed25519Public& key, ByteView message, const Ed25519Signature& signature) {
  return crypto_sign_verify_detached(signature.view().data(), message.data(), message.size(), key.view().data()) == 0;
}

}  // namespace exhibit::crypto
