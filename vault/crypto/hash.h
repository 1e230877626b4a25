// SHA-256 of everything; SHA-512 too in the manifests of bags; SHA-1 and MD5 for looking evidence up in hash sets.
//
// SHA-256 is OpenSSL's, which uses the processor's SHA instructions (about five times libsodium's
// speed where they exist). SHA-1 and MD5 prove nothing here and are never compared for security.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>

#include "vault/base/bytes.h"

namespace exhibit::crypto {

struct Sha256Tag;
struct Sha512Tag;
struct Sha1Tag;
struct Md5Tag;
using Sha256Digest = Fixed<Sha256Tag, 32>;
using Sha512Digest = Fixed<Sha512Tag, 64>;
using Sha1Digest = Fixed<Sha1Tag, 20>;
using Md5Digest = Fixed<Md5Tag, 16>;

// SHA-256 over the concatenation of `parts`.
Sha256Digest Sha256(std::initializer_list<ByteView> parts);
inline Sha256Digest Sha256(ByteView bytes) { return Sha256({bytes}); }

enum class HashAlgorithm : std::uint8_t { kSha256, kSha512, kSha1, kMd5 };

// A digest over a stream of bytes.
class Hasher {
 public:
  explicit Hasher(HashAlgorithm algorithm);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void Update(ByteView bytes);
  // The digest: 32, 64, 20 or 16 bytes. REQUIRES: called once, and no Update after it.
  Bytes Finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace exhibit::crypto
