// A source of bytes, read once, from front to back.
#pragma once

#include <cstddef>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills `buffer`; fewer bytes only at the end.
  virtual Result<std::size_t> Read(MutableByteView buffer) = 0;
  // Passes over the next `bytes` bytes if it knows without reading that they are zeros, and says whether it did.
  virtual bool PassOverZeros(std::size_t bytes) {
    (void)bytes;
    return false;
  }
};

}  // namespace exhibit
