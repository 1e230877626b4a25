// A digest over a stream of bytes that may be long. After the first megabytes it has a thread of its own, so that the
// caller decompresses, writes or makes another digest of the bytes meanwhile. It costs a copy.
#pragma once

#include <cstdint>
#include <memory>

#include "vault/base/bytes.h"
#include "vault/crypto/hash.h"

namespace exhibit::crypto {

class StreamHasher {
 public:
  explicit StreamHasher(HashAlgorithm algorithm);
  ~StreamHasher();
  StreamHasher(StreamHasher&&) noexcept;
  StreamHasher& operator=(StreamHasher&&) noexcept;

  void Update(ByteView bytes);
  // As of Hasher: the digest. REQUIRES: called once, and no Update after it.
  Bytes Finish();

 private:
  class Beside;
  Hasher hasher_;  // used until it has a thread
  std::uint64_t bytes_ = 0;
  std::unique_ptr<Beside> beside_;
};

}  // namespace exhibit::crypto
