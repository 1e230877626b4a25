// Fresh randomness, from libsodium (which asks the kernel). The one place it enters the program.
#pragma once

#include "vault/base/bytes.h"
#include "vault/crypto/secret.h"

namespace exhibit::crypto {

void FillRandom(MutableByteView bytes);

template <typename Tag, std::size_t N>
Secret<Tag, N> RandomSecret(const Secret<Tag, N>* /*type*/ = nullptr) {
  Secret<Tag, N> secret;
  FillRandom(secret.ExposeSecretForWriting());
  return secret;
}

}  // namespace exhibit::crypto
