#include "vault/crypto/x25519.h"

#include <sodium.h>

#include "vault/crypto/random.h"

namespace exhibit::crypto {

X25519Secret NewX25519Secret() { return RandomSecret<X25519SecretTag, 32>(); }

X25519Public PublicHalf(const X25519Secret& secret) {
  X25519Public result;
  EXHIBIT_ASSERT(
      crypto_scalarmult_base(result.mutable_view().data(), secret.ExposeSecret().data()) == 0);
  return result;
}

Result<X25519Shared> X25519Agree(const X25519Secret& mine, const X25519Public& theirs) {
  X25519Shared shared;
  const int status = crypto_scalarmult(shared.ExposeSecretForWriting().data(),
                                       mine.ExposeSecret().data(), theirs.view().data());
  if (status != 0) return Fail(ErrorCode::kInvalid, "X25519 public key is a point of low order");
  return shared;
}

}  // namespace exhibit::crypto
