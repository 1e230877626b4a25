// Goal: both hashes are those of the stream, wherever it is cut and whether or not a thread helps. Method: streams
// around the size from which one does, in even and odd pieces, against the hashes of the whole.
#include "vault/bundle/file_hasher.h"

#include <algorithm>

#include "tests/support/check.h"

namespace exhibit::bundle {
namespace {

Bytes Pattern(std::size_t size) {
  Bytes bytes(size);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

FileHashes Whole(ByteView bytes) {
  crypto::Hasher sha512(crypto::HashAlgorithm::kSha512);
  sha512.Update(bytes);
  return {ToHex(crypto::Sha256(bytes).view()), ToHex(sha512.Finish())};
}

}  // namespace

TEST_CASE("a stream has the hashes of its bytes, however it is cut", "[file_hasher]") {
  constexpr std::size_t kThread = 4 << 20;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kThread - 1, kThread, kThread + 1, 3 * kThread + 7}) {
    const Bytes bytes = Pattern(size);
    const FileHashes whole = Whole(bytes);
    for (const std::size_t piece : {std::size_t{1} << 20, std::size_t{777'777}, kThread, std::size_t{100'000'000}}) {
      CAPTURE(size, piece);
      FileHasher hasher;
      for (ByteView rest = bytes; !rest.empty();) {
        const ByteView next = rest.first(std::min(piece, rest.size()));
        hasher.Update(next);
        rest = rest.subspan(next.size());
      }
      CHECK(hasher.Finish() == whole);
    }
  }
}

TEST_CASE("a stream is handed over and given up midway", "[file_hasher]") {
  const Bytes bytes = Pattern(9 << 20);
  FileHasher first;
  first.Update(ByteView(bytes).first(8 << 20));
  FileHasher second = std::move(first);
  second.Update(ByteView(bytes).subspan(8 << 20));
  CHECK(second.Finish() == Whole(bytes));
  FileHasher given_up;
  given_up.Update(bytes);
}

}  // namespace exhibit::bundle
