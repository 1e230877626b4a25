#include "vault/base/zeros.h"

#include <array>

#include "vault/base/error.h"

namespace exhibit {

ByteView Zeros(std::size_t bytes) {
  // Nobody writes to it, so it takes no memory: all its pages are the one page of zeros that the system has.
  static std::array<std::uint8_t, kMostZeros> zeros{};
  EXHIBIT_ASSERT(bytes <= zeros.size());
  return ByteView(zeros).first(bytes);
}

}  // namespace exhibit
