// Bytes that zstd cannot make smaller, the same each time.
#pragma once

#include <cstdint>
#include <string>

namespace exhibit::testing {

inline std::string Noise(std::size_t bytes) {
  std::string noise;
  std::uint64_t state = 1;
  while (noise.size() < bytes) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    noise.push_back(static_cast<char>(state >> 56));
  }
  return noise;
}

}  // namespace exhibit::testing
