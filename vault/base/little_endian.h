// Little-endian integers, as zip, ELF and E01 have them. REQUIRES: all bytes of the number are there.
#pragma once

#include <cstdint>

#include "vault/base/bytes.h"

namespace exhibit {

template <typename Number>
Number GetLittle(ByteView source, std::size_t at) {
  Number value = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;)
    value = static_cast<Number>(std::uint64_t{value} << 8 | source[at + i]);
  return value;
}

template <typename Number>
void PutLittle(Bytes& target, Number value) {
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    target.push_back(static_cast<std::uint8_t>(std::uint64_t{value} >> (8 * i)));
}

}  // namespace exhibit
