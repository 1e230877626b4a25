// Goal: the digest is that of the stream, wherever it is cut and whether or not a thread helps. Method: streams
// around the size from which one does, in even and odd pieces, against the digest of the whole.
#include "vault/crypto/stream_hasher.h"

#include <algorithm>

#include "tests/support/check.h"

namespace exhibit::crypto {
namespace {

Bytes Pattern(std::size_t size) {
  Bytes bytes(size);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

Bytes Whole(ByteView bytes, HashAlgorithm algorithm) {
  Hasher hasher(algorithm);
  hasher.Update(bytes);
  return hasher.Finish();
}

}  // namespace

TEST_CASE("a stream has the digest of its bytes, however it is cut", "[stream_hasher]") {
  constexpr std::size_t kThread = 4 << 20;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kThread - 1, kThread, kThread + 1, 3 * kThread + 7}) {
    const Bytes bytes = Pattern(size);
    for (const HashAlgorithm algorithm : {HashAlgorithm::kSha256, HashAlgorithm::kSha512, HashAlgorithm::kMd5}) {
      const Bytes whole = Whole(bytes, algorithm);
      for (const std::size_t piece : {std::size_t{1} << 20, std::size_t{777'777}, kThread, std::size_t{100'000'000}}) {
        CAPTURE(size, piece);
        StreamHasher hasher(algorithm);
        for (ByteView rest = bytes; !rest.empty();) {
          const ByteView next = rest.first(std::min(piece, rest.size()));
          hasher.Update(next);
          rest = rest.subspan(next.size());
        }
        CHECK(hasher.Finish() == whole);
      }
    }
  }
}

TEST_CASE("a stream is handed over and given up midway", "[stream_hasher]") {
  const Bytes bytes = Pattern(9 << 20);
  StreamHasher first(HashAlgorithm::kSha256);
  first.Update(ByteView(bytes).first(8 << 20));
  StreamHasher second = std::move(first);
  second.Update(ByteView(bytes).subspan(8 << 20));
  CHECK(second.Finish() == Whole(bytes, HashAlgorithm::kSha256));
  StreamHasher given_up(HashAlgorithm::kSha256);
  given_up.Update(bytes);
}

}  // namespace exhibit::crypto
