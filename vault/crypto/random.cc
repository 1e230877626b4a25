#include "vault/crypto/random.h"

#include <sodium.h>

namespace exhibit::crypto {

void FillRandom(MutableByteView bytes) {
  if (bytes.empty()) return;
  Initialise();
  randombytes_buf(bytes.data(), bytes.size());
}

std::uint64_t RandomNumber() {
  Bytes bytes(8);
  FillRandom(bytes);
  return GetU64(bytes);
}

}  // namespace exhibit::crypto
