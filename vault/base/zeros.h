// Zeros: bytes that must be zero, as paddings of our formats and of other programs', and zeros for who needs some.
#pragma once

#include <cstddef>
#include <cstring>

#include "vault/base/bytes.h"

namespace exhibit {

// True of no bytes, too. Each byte is compared with the one before it, which memcmp does many at a time.
inline bool IsZero(ByteView bytes) {
  return bytes.empty() || (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

// The most zeros that anybody asks for at once.
inline constexpr std::size_t kMostZeros = 4 << 20;
// Zeros that live as long as the program. REQUIRES: bytes <= kMostZeros.
ByteView Zeros(std::size_t bytes);

}  // namespace exhibit
