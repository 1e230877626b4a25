#include "vault/crypto/x25519.h"

#include <sodium.h>

#include "vault/crypto/random.h"

namespace exhibit::crypto {

X25519Secret NewX25519Secret() { return RandomSecret<X25519SecretTag, 32>(); }

X25519Public PublicHalf(const X25519Secret& secret) {
  X25519Public result;
  EXHIBIT_ASSERT(crypto_scalarmult_base(result.mutable_view().data(), secret.ExposeSecret().data()) == 0);
  return result;
}

Result<X25519Shared> X25519Agree(const X25519Secret& mine, const X25519Public& theirs) {
  X25519Shared shared;
  const int status =
      crypto_scalarmult(shared.ExposeSecretForWriting().data(), mine.ExposeSecret().data(), theirs.view().data());
  if (status != 0) return Fail(ErrorCode::kInvalid, "X25519 public key is a point of low order");
  return shared;
}

std::optional<X25519Public> X25519Of(const Ed25519Public& key) {
  X25519Public result;
  if (!IsValidKey(key) || crypto_sign_ed25519_pk_to_curve25519(result.mutable_view().data(), key.view().data()) != 0) {
    return std::nullopt;
  }
  return result;
}

X25519Secret X25519Of(const Ed25519Seed& seed) {
  Secret<struct ExpandedSeedTag, crypto_sign_SECRETKEYBYTES> expanded;
  X25519Public ignored;
  X25519Secret secret;
  EXHIBIT_ASSERT(crypto_sign_seed_keypair(ignored.mutable_view().data(), expanded.ExposeSecretForWriting().data(),
                                          seed.ExposeSecret().data()) == 0);
  EXHIBIT_ASSERT(crypto_sign_ed25519_sk_to_curve25519(secret.ExposeSecretForWriting().data(),
                                                      expanded.ExposeSecret().data()) == 0);
  return secret;
}

Result<X25519Shared> X25519Tweak(const DerivedKey& scalar, const X25519Shared& shared) {
  X25519Shared tweaked;
  const int status = crypto_scalarmult(tweaked.ExposeSecretForWriting().data(), scalar.ExposeSecret().data(),
                                       shared.ExposeSecret().data());
  if (status != 0) return Fail(ErrorCode::kInvalid, "X25519 shared secret is a point of low order");
  return tweaked;
}

}  // namespace exhibit::crypto
