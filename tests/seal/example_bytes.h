// Bytes for tests of seal: random ones that a printed seed replays (EXHIBIT_TEST_SEED=…), and text
// that compresses as a log does.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include "vault/base/bytes.h"

namespace exhibit::testing {

// The seed of this run. Tests that use it print it with CAPTURE.
inline std::uint64_t TestSeed() {
  static const std::uint64_t seed = [] {
    const char* const given = std::getenv("EXHIBIT_TEST_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::uint64_t{std::random_device()()};
  }();
  return seed;
}

inline Bytes RandomBytes(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  Bytes bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(generator() >> 56);
  return bytes;
}

inline Bytes LogLikeBytes(std::size_t size) {
  std::string text;
  for (std::size_t line = 0; text.size() < size; ++line) {
    text += "2025-03-14T02:17:" + std::to_string(10 + line % 50) + "Z sshd[" + std::to_string(line * 7919 % 32768) +
            "]: Accepted publickey for backup from 10.0.0." + std::to_string(line % 250) + "\n";
  }
  text.resize(size);
  return ToBytes(ViewOf(text));
}

}  // namespace exhibit::testing
