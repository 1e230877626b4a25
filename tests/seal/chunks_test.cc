// Goal: the payload is age's STREAM, any run of chunks opens alone, and no chunk can be changed,
// moved, dropped or made the last unseen. Method: a chunk made by hand, and every such
// manipulation.
#include "vault/seal/chunks.h"

#include "tests/seal/example_bytes.h"
#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::seal {
namespace {

using testing::Hex;
using testing::LogLikeBytes;

PayloadKey ExampleKey() {
  FileKey file_key;
  std::ranges::copy(Hex("59454c4c4f57205355424d4152494e45"), file_key.ExposeSecretForWriting().begin());
  return DerivePayloadKey(file_key, PayloadNonce());
}

Bytes Sealed(ByteView plaintext) {
  Bytes sealed;
  ChunkCipher(ExampleKey()).Seal(0, RunEnd::kFinal, plaintext, sealed);
  return sealed;
}

Result<Bytes> Opened(ByteView sealed, std::uint64_t first = 0, RunEnd end = RunEnd::kFinal) {
  Bytes plaintext(3, 0xee);  // whatever was there is replaced
  auto status = ChunkCipher(ExampleKey()).Open(first, end, sealed, plaintext);
  if (status) return plaintext;
  CHECK(plaintext.empty());
  return Fail(std::move(status).error());
}

TEST_CASE("a chunk's nonce is its number in 11 bytes and a byte that marks the last", "[seal]") {
  crypto::Aead aead(ExampleKey());
  Bytes by_hand(3 + crypto::kAeadTagSize);
  aead.Seal(*crypto::AeadNonce::From(Hex("000000000000000001020301")), ViewOf("abc"), by_hand);
  Bytes sealed;
  ChunkCipher(ExampleKey()).Seal(0x010203, RunEnd::kFinal, ViewOf("abc"), sealed);
  CHECK(sealed == by_hand);
}

TEST_CASE("the payload's key is HKDF of the file key, salted with the nonce", "[seal]") {
  const Bytes file_key = Hex("59454c4c4f57205355424d4152494e45");
  CHECK(Equal(ExampleKey().ExposeSecret(), crypto::HkdfSha256(file_key, Bytes(16, 0), "payload").ExposeSecret()));
  CHECK(NewPayloadNonce() != NewPayloadNonce());
}

TEST_CASE("what was sealed opens at every size around a chunk's", "[seal]") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{15}, std::size_t{16}, kChunkBytes - 1,
                                 kChunkBytes, kChunkBytes + 1, 2 * kChunkBytes, 3 * kChunkBytes + 17}) {
    CAPTURE(size);
    const Bytes plaintext = LogLikeBytes(size);
    const Bytes sealed = Sealed(plaintext);
    CHECK(sealed.size() == SealedSize(size));
    CHECK(testing::Unwrap(Opened(sealed)) == plaintext);
  }
}

TEST_CASE("the sealed size counts a tag for each chunk, and one for an empty payload", "[seal]") {
  CHECK(SealedSize(0) == 16);
  CHECK(SealedSize(1) == 17);
  CHECK(SealedSize(65536) == 65552);
  CHECK(SealedSize(65537) == 65537 + 32);
  CHECK(SealedSize(std::uint64_t{1} << 40) == (std::uint64_t{1} << 40) + (std::uint64_t{16} << 24));
}

TEST_CASE("every run of chunks opens alone and equals its part of the whole", "[seal]") {
  constexpr std::size_t kChunks = 6;
  const Bytes plaintext = LogLikeBytes((kChunks - 1) * kChunkBytes + 100);
  const Bytes sealed = Sealed(plaintext);
  for (std::size_t first = 0; first < kChunks; ++first) {
    for (std::size_t end = first + 1; end <= kChunks; ++end) {
      CAPTURE(first, end);
      const std::size_t stop = std::min(end * kSealedChunkBytes, sealed.size());
      const ByteView run = ByteView(sealed).subspan(first * kSealedChunkBytes, stop - first * kSealedChunkBytes);
      const std::size_t plain_stop = std::min(end * kChunkBytes, plaintext.size());
      const ByteView expected = ByteView(plaintext).subspan(first * kChunkBytes, plain_stop - first * kChunkBytes);
      const RunEnd run_end = end == kChunks ? RunEnd::kFinal : RunEnd::kMoreFollow;
      CHECK(Equal(testing::Unwrap(Opened(run, first, run_end)), expected));
    }
  }
}

TEST_CASE("sealing in runs gives the bytes of sealing at once", "[seal]") {
  const Bytes plaintext = LogLikeBytes(5 * kChunkBytes + 3);
  ChunkCipher cipher(ExampleKey());
  Bytes joined;
  Bytes run;
  cipher.Seal(0, RunEnd::kMoreFollow, ByteView(plaintext).first(2 * kChunkBytes), run);
  Append(joined, run);
  cipher.Seal(2, RunEnd::kMoreFollow, ByteView(plaintext).subspan(2 * kChunkBytes, kChunkBytes), run);
  Append(joined, run);
  cipher.Seal(3, RunEnd::kFinal, ByteView(plaintext).subspan(3 * kChunkBytes), run);
  Append(joined, run);
  CHECK(joined == Sealed(plaintext));
}

TEST_CASE("a flipped bit is refused, with the number of its chunk", "[seal]") {
  const Bytes sealed = Sealed(LogLikeBytes(2 * kChunkBytes + 10));
  struct Row {
    std::size_t at;
    std::string_view words;
  };
  for (const Row& row :
       {Row{0, "chunk 0: authentication failed"}, Row{kSealedChunkBytes - 1, "chunk 0: authentication failed"},
        Row{kSealedChunkBytes, "chunk 1: authentication failed"},
        Row{2 * kSealedChunkBytes, "chunk 2: authentication failed"},
        Row{sealed.size() - 1, "chunk 2: authentication failed"}}) {
    Bytes damaged = sealed;
    damaged[row.at] ^= 0x10;
    CAPTURE(row.at);
    CHECK_FAILS(Opened(damaged), ErrorCode::kTampered, row.words);
  }
}

TEST_CASE("chunks that were swapped or taken from another place are refused", "[seal]") {
  const Bytes sealed = Sealed(LogLikeBytes(3 * kChunkBytes));
  const ByteView first = ByteView(sealed).first(kSealedChunkBytes);
  const ByteView second = ByteView(sealed).subspan(kSealedChunkBytes, kSealedChunkBytes);
  const ByteView third = ByteView(sealed).subspan(2 * kSealedChunkBytes);
  Bytes swapped = ToBytes(second);
  Append(swapped, first);
  Append(swapped, third);
  CHECK_FAILS(Opened(swapped), ErrorCode::kTampered, "chunk 0: authentication failed");
  Bytes dropped = ToBytes(first);
  Append(dropped, third);
  CHECK_FAILS(Opened(dropped), ErrorCode::kTampered, "chunk 1: authentication failed");
  CHECK_FAILS(Opened(second, 2, RunEnd::kMoreFollow), ErrorCode::kTampered, "chunk 2: authentication failed");
}

TEST_CASE("a payload cut off is refused at every place", "[seal]") {
  const Bytes sealed = Sealed(LogLikeBytes(2 * kChunkBytes + 10));
  const auto cut = [&](std::size_t size) { return Opened(ByteView(sealed).first(size)); };
  CHECK_FAILS(cut(0), ErrorCode::kInvalid, "chunk 0: cut off");
  CHECK_FAILS(cut(15), ErrorCode::kInvalid, "chunk 0: cut off");
  CHECK_FAILS(cut(16), ErrorCode::kTampered, "chunk 0: authentication failed");
  CHECK_FAILS(cut(kSealedChunkBytes), ErrorCode::kTampered, "chunk 0: authentication failed");
  CHECK_FAILS(cut(kSealedChunkBytes + 5), ErrorCode::kInvalid, "chunk 1: cut off");
  CHECK_FAILS(cut(kSealedChunkBytes + 16), ErrorCode::kInvalid, "chunk 1: empty, after others");
  CHECK_FAILS(cut(2 * kSealedChunkBytes), ErrorCode::kTampered, "chunk 1: authentication failed");
  CHECK_FAILS(cut(sealed.size() - 1), ErrorCode::kTampered, "chunk 2: authentication failed");
}

TEST_CASE("what follows the last chunk is refused", "[seal]") {
  Bytes longer = Sealed(LogLikeBytes(kChunkBytes));
  longer.push_back(0);
  CHECK_FAILS(Opened(longer), ErrorCode::kInvalid, "chunk 1: cut off");
  longer.resize(kSealedChunkBytes + 100);
  CHECK_FAILS(Opened(longer), ErrorCode::kTampered, "chunk 0: authentication failed");
}

TEST_CASE("the mark of the last chunk counts both ways", "[seal]") {
  const Bytes sealed = Sealed(LogLikeBytes(2 * kChunkBytes));
  const ByteView first = ByteView(sealed).first(kSealedChunkBytes);
  const ByteView second = ByteView(sealed).subspan(kSealedChunkBytes);
  CHECK_FAILS(Opened(first, 0, RunEnd::kFinal), ErrorCode::kTampered, "chunk 0");
  CHECK_FAILS(Opened(second, 1, RunEnd::kMoreFollow), ErrorCode::kTampered, "chunk 1");
}

// Its tag is right, so that it is the rule that refuses it.
TEST_CASE("an empty last chunk behind others is refused though it authenticates", "[seal]") {
  Bytes sealed;
  ChunkCipher cipher(ExampleKey());
  cipher.Seal(0, RunEnd::kMoreFollow, LogLikeBytes(kChunkBytes), sealed);
  Bytes empty(crypto::kAeadTagSize);
  crypto::Aead(ExampleKey()).Seal(*crypto::AeadNonce::From(Hex("000000000000000000000101")), {}, empty);
  Append(sealed, empty);
  CHECK_FAILS(Opened(sealed), ErrorCode::kInvalid, "chunk 1: empty, after others");
  CHECK_FAILS(Opened(empty, 1), ErrorCode::kInvalid, "chunk 1: empty, after others");
}

TEST_CASE("a run in the middle is whole chunks", "[seal]") {
  const Bytes sealed = Sealed(LogLikeBytes(2 * kChunkBytes));
  const auto middle = [&](std::size_t size) { return Opened(ByteView(sealed).first(size), 0, RunEnd::kMoreFollow); };
  CHECK_FAILS(middle(0), ErrorCode::kInvalid, "chunk 0: cut off");
  CHECK_FAILS(middle(1000), ErrorCode::kInvalid, "chunk 0: cut off");
  CHECK_FAILS(middle(kSealedChunkBytes + 1000), ErrorCode::kInvalid, "chunk 1: cut off");
  CHECK(middle(kSealedChunkBytes).has_value());
}

}  // namespace
}  // namespace exhibit::seal
