// Fresh randomness, from libsodium (which asks the kernel). The one place it enters the program.
#pragma once

#include <cstdint>

#include "vault/base/bytes.h"
#include "vault/crypto/secret.h"

namespace exhibit::crypto {

void FillRandom(MutableByteView bytes);
// Eight bytes of it: a name that nobody has yet, or the seed of a sample.
std::uint64_t RandomNumber();

template <typename Tag, std::size_t N>
Secret<Tag, N> RandomSecret(const Secret<Tag, N>* /*type*/ = nullptr) {
  Secret<Tag, N> secret;
  FillRandom(secret.ExposeSecretForWriting());
  return secret;
}

}  // namespace exhibit::crypto
