#include "vault/crypto/random.h"

#include <sodium.h>

namespace exhibit::crypto {

void FillRandom(MutableByteView bytes) {
  if (bytes.empty()) return;
  Initialise();
  randombytes_buf(bytes.data(), bytes.size());
}

}  // namespace exhibit::crypto
