// A source of bytes that are at hand.
#pragma once

#include <algorithm>

#include "vault/base/byte_source.h"

namespace exhibit {

// REQUIRES: the bytes outlive it.
class BytesSource final : public ByteSource {
 public:
  explicit BytesSource(ByteView bytes) : rest_(bytes) {}
  Result<std::size_t> Read(MutableByteView buffer) override {
    const ByteView piece = rest_.first(std::min(rest_.size(), buffer.size()));
    std::ranges::copy(piece, buffer.begin());
    rest_ = rest_.subspan(piece.size());
    return piece.size();
  }

 private:
  ByteView rest_;
};

}  // namespace exhibit
