// Goal: of a sealed file that was cut off anywhere, the beginning of the original comes back, and no byte that is not
// genuine. Method: every interesting length of a payload, and chunks that are overwritten.
#include "vault/seal/cut_reader.h"

#include "tests/seal/example_bytes.h"
#include "tests/seal/plaintexts.h"
#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::seal {
namespace {

using testing::LogLikeBytes;
using testing::RandomBytes;
using testing::Unwrap;
using testing_parts::kFieldLines;
using testing_parts::PlaintextParts;
using testing_parts::SealedPlaintext;

struct Read {
  CutReader::End end;
  Bytes original;
};

Result<Read> ReadCut(const SealedPlaintext& sealed, ByteView payload, std::size_t piece = SIZE_MAX) {
  Read read;
  CutReader reader(sealed.file_key.Duplicate(), [&](ByteView bytes) -> Result<void> {
    Append(read.original, bytes);
    return {};
  });
  while (!payload.empty()) {
    const ByteView next = payload.first(std::min(piece, payload.size()));
    TRY_VOID(reader.Push(next));
    payload = payload.subspan(next.size());
  }
  TRY(read.end, reader.Finish());
  return read;
}

TEST_CASE("a payload that was cut off anywhere gives the beginning of its original", "[seal]") {
  const Bytes original = RandomBytes((1 << 20) + 200'000, 1);
  const SealedPlaintext sealed = SealedPlaintext::Of(PlaintextParts::Of(original));
  const std::uint64_t all = sealed.payload.size();
  std::vector<std::uint64_t> lengths = {0, 1, 15, 16, 17, 31, 32, all - 1, all};
  for (std::uint64_t chunk = 1; 16 + chunk * kSealedChunkBytes < all; ++chunk) {
    for (const std::uint64_t more : {0U, 1U, 16U, 17U}) lengths.push_back(16 + chunk * kSealedChunkBytes + more);
    lengths.push_back(16 + chunk * kSealedChunkBytes - 1);
  }
  for (const std::uint64_t length : lengths) {
    const ByteView cut = ByteView(sealed.payload).first(std::min(length, all));
    for (const std::size_t piece : {std::size_t{SIZE_MAX}, std::size_t{1000}, kSealedChunkBytes}) {
      CAPTURE(length, piece);
      const Read read = Unwrap(ReadCut(sealed, cut, piece));
      CHECK(read.end.genuine_bytes + read.end.unused_bytes == cut.size());
      CHECK(read.end.original_bytes == read.original.size());
      REQUIRE(read.original.size() <= original.size());
      CHECK(Equal(read.original, ByteView(original).first(read.original.size())));
      CHECK(read.end.field_lines.has_value() == (length >= all));
      // Whole chunks are used; of random content, a block of zstd is 128 KiB.
      const std::uint64_t chunks = length < 16 ? 0 : (length - 16) / kSealedChunkBytes;
      if (length < all) CHECK(read.end.genuine_bytes == (length < 16 ? 0 : 16 + chunks * kSealedChunkBytes));
      if (chunks > 4)
        CHECK(read.original.size() + (128 << 10) + 1000 > std::min(chunks * kChunkBytes, original.size()));
    }
  }
}

TEST_CASE("a payload that is whole gives its fields too", "[seal]") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1000}, std::size_t{150'000}}) {
    const Bytes original = LogLikeBytes(size);
    const SealedPlaintext sealed = SealedPlaintext::Of(PlaintextParts::Of(original));
    const Read read = Unwrap(ReadCut(sealed, sealed.payload));
    CHECK(read.original == original);
    CHECK(read.end.field_lines == kFieldLines);
    CHECK(read.end.unused_bytes == 0);
  }
}

TEST_CASE("what follows a chunk that is overwritten is not used", "[seal]") {
  const Bytes original = RandomBytes(1 << 20, 1);
  const SealedPlaintext sealed = SealedPlaintext::Of(PlaintextParts::Of(original));
  Bytes payload = sealed.payload;
  std::fill(payload.begin() + 16 + 5 * kSealedChunkBytes + 100, payload.end(), std::uint8_t{0});  // as a power cut does
  const Read read = Unwrap(ReadCut(sealed, payload, 10'000));
  CHECK(read.end.genuine_bytes == 16 + 5 * kSealedChunkBytes);
  CHECK(read.end.unused_bytes == payload.size() - read.end.genuine_bytes);
  CHECK(read.original.size() == 2 * (128 << 10));
  CHECK(Equal(read.original, ByteView(original).first(read.original.size())));
  CHECK_FALSE(read.end.field_lines);
}

TEST_CASE("genuine chunks that are no plaintext are refused", "[seal]") {
  SealedPlaintext sealed = SealedPlaintext::Of(Bytes(4096, 'x'), 4000);
  CHECK_FAILS(ReadCut(sealed, sealed.payload), ErrorCode::kInvalid, "frame 0: not a zstd frame");
}

}  // namespace
}  // namespace exhibit::seal
