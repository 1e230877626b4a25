// A digest over a stream of bytes that may be long: behind its first megabytes it gets a thread of its own, so that
// what else is done with the bytes (decompressing, writing, another digest) goes on beside it. It costs a copy.
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
  Hasher hasher_;  // until there is a thread for it
  std::uint64_t bytes_ = 0;
  std::unique_ptr<Beside> beside_;
};

}  // namespace exhibit::crypto
