// ChaCha20-Poly1305 (RFC 8439) without associated data, as age uses it.
//
// OpenSSL's implementation does the work: it is the faster one on long inputs (AVX2, AVX-512), and
// the algorithm is the same to the bit.
#pragma once

#include <cstddef>
#include <memory>

#include "vault/base/bytes.h"
#include "vault/crypto/kdf.h"

namespace exhibit::crypto {

inline constexpr std::size_t kAeadTagSize = 16;
struct AeadNonceTag;
using AeadNonce = Fixed<AeadNonceTag, 12>;

// One key, set up once, for many messages. Not for two threads at once.
class Aead {
 public:
  explicit Aead(const DerivedKey& key);
  ~Aead();
  Aead(Aead&&) noexcept;
  Aead& operator=(Aead&&) noexcept;

  // Writes plaintext.size() + 16 bytes to `sealed`.
  // REQUIRES: `sealed` has exactly that size and does not overlap; a nonce is used once for a key.
  void Seal(const AeadNonce& nonce, ByteView plaintext, MutableByteView sealed);

  // Writes sealed.size() - 16 bytes to `plaintext` and returns true; or, if the tag does not fit
  // (compared in constant time), zeroes `plaintext` and returns false.
  // REQUIRES: sealed.size() >= 16, `plaintext` has exactly that size and does not overlap.
  [[nodiscard]] bool Open(const AeadNonce& nonce, ByteView sealed, MutableByteView plaintext);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace exhibit::crypto
