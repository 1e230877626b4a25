// Goal: two numbers give one layout, blocks cover the payload without a gap, and no size that a
// payload cannot have makes one. Method: every rule from both sides, and sums over many sizes.
#include "vault/seal/layout.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "vault/seal/frames.h"

namespace exhibit::seal {
namespace {

using testing::Unwrap;

constexpr std::uint64_t kNonce = 16;
constexpr std::uint64_t kMetadata = 500;

void CheckAddsUp(const PayloadLayout& layout) {
  std::uint64_t offset = 0;
  std::uint64_t chunk = 0;
  for (std::uint64_t i = 0; i < layout.block_count(); ++i) {
    const PayloadLayout::Block block = layout.block(i);
    CAPTURE(i);
    CHECK(block.offset == offset);
    CHECK(block.bytes > 0);
    offset += block.bytes;
    if (i == 0) {
      CHECK(block.bytes == kNonce);
      continue;
    }
    CHECK(block.first_chunk == chunk);
    chunk += (block.bytes + kSealedChunkBytes - 1) / kSealedChunkBytes;
    const bool last = i == layout.tail_block();
    CHECK((block.end == RunEnd::kFinal) == last);
    if (!last) {
      CHECK(block.bytes % kSealedChunkBytes == 0);
      CHECK(block.bytes <= kBlockBytes);
      // Only the last block of content may be shorter.
      if (i + 1 < layout.tail_block()) CHECK(block.bytes == kBlockBytes);
    }
  }
  CHECK(offset == layout.payload_bytes());
  CHECK(layout.tail_block() == layout.block_count() - 1);
  CHECK(layout.block(layout.tail_block()).bytes == layout.tail_bytes());
  CHECK(SealedSize(layout.plaintext_bytes()) + kNonce == layout.payload_bytes());
}

TEST_CASE("blocks follow each other without a gap and add up to the payload", "[seal]") {
  constexpr std::uint64_t kContentOfBlock = kChunksInBlock * kChunkBytes;
  for (const std::uint64_t content :
       {std::uint64_t{0}, std::uint64_t{9}, std::uint64_t{kChunkBytes - 1}, std::uint64_t{kChunkBytes},
        std::uint64_t{kChunkBytes + 1}, kContentOfBlock - 1, kContentOfBlock, kContentOfBlock + 1,
        kContentOfBlock + kChunkBytes, 3 * kContentOfBlock + 5 * kChunkBytes + 77}) {
    for (const std::uint64_t metadata : {std::uint64_t{kMetadataFrameOverhead}, kMetadata, std::uint64_t{kChunkBytes},
                                         std::uint64_t{kMaxMetadataBytes + kMetadataFrameOverhead}}) {
      CAPTURE(content, metadata);
      const PayloadLayout layout = PayloadLayout::For(content, metadata);
      CHECK(layout.plaintext_bytes() == content + metadata);
      CheckAddsUp(layout);
      // The tail begins with the chunk that holds the first byte of the metadata.
      const std::uint64_t tail_chunk = layout.block(layout.tail_block()).first_chunk;
      CHECK(tail_chunk == content / kChunkBytes);
      CHECK(layout.tail_bytes() <= kMaxTailBytes);
    }
  }
}

TEST_CASE("a layout is made again from the two numbers that an entry states", "[seal]") {
  const PayloadLayout layout = PayloadLayout::For(5'000'000, kMetadata);
  const PayloadLayout again = Unwrap(PayloadLayout::Create(layout.payload_bytes(), layout.tail_bytes()));
  REQUIRE(again.block_count() == layout.block_count());
  for (std::uint64_t i = 0; i < layout.block_count(); ++i) {
    CHECK(again.block(i).offset == layout.block(i).offset);
    CHECK(again.block(i).bytes == layout.block(i).bytes);
  }
}

TEST_CASE("a small item has two blocks: the nonce and the tail", "[seal]") {
  const PayloadLayout layout = PayloadLayout::For(100, kMetadata);
  CHECK(layout.block_count() == 2);
  CHECK(layout.tail_block() == 1);
  CHECK(layout.block(1).offset == kNonce);
  CHECK(layout.block(1).bytes == 100 + kMetadata + crypto::kAeadTagSize);
  CHECK(layout.block(1).first_chunk == 0);
}

TEST_CASE("sixteen chunks of content are one block, a seventeenth begins another", "[seal]") {
  CHECK(kBlockBytes == 1'048'832);
  CHECK(PayloadLayout::For(16 * kChunkBytes, kMetadata).block_count() == 3);
  const PayloadLayout layout = PayloadLayout::For(17 * kChunkBytes, kMetadata);
  CHECK(layout.block_count() == 4);
  CHECK(layout.block(1).bytes == kBlockBytes);
  CHECK(layout.block(2).bytes == kSealedChunkBytes);
  CHECK(layout.block(2).first_chunk == 16);
}

TEST_CASE("the smallest payload is a nonce and a chunk of one byte", "[seal]") {
  CHECK(Unwrap(PayloadLayout::Create(kNonce + 17, 17)).plaintext_bytes() == 1);
  CHECK_FAILS(PayloadLayout::Create(kNonce + 16, 16), ErrorCode::kInvalid, "the last chunk is empty or cut off");
  CHECK_FAILS(PayloadLayout::Create(kNonce + 1, 1), ErrorCode::kInvalid, "empty or cut off");
  CHECK_FAILS(PayloadLayout::Create(kNonce, 0), ErrorCode::kInvalid, "empty or cut off");
}

TEST_CASE("a payload smaller than its nonce and tail is refused", "[seal]") {
  for (const auto& [payload, tail] :
       {std::pair<std::uint64_t, std::uint64_t>{0, 0}, {15, 0}, {0, 17}, {17, 17}, {kNonce + 99, 100}}) {
    CAPTURE(payload, tail);
    CHECK_FAILS(PayloadLayout::Create(payload, tail), ErrorCode::kInvalid, "too small");
  }
}

TEST_CASE("a tail that ends in an empty or torn chunk is refused", "[seal]") {
  for (const std::uint64_t rest : {1U, 15U, 16U}) {
    CAPTURE(rest);
    const std::uint64_t tail = kSealedChunkBytes + rest;
    CHECK_FAILS(PayloadLayout::Create(kNonce + tail, tail), ErrorCode::kInvalid, "empty or cut off");
  }
  CHECK(PayloadLayout::Create(kNonce + kSealedChunkBytes + 17, kSealedChunkBytes + 17));
  CHECK(PayloadLayout::Create(kNonce + kSealedChunkBytes, kSealedChunkBytes));
}

TEST_CASE("content before the tail is whole chunks", "[seal]") {
  CHECK(PayloadLayout::Create(kNonce + 2 * kSealedChunkBytes + 100, 100));
  for (const std::uint64_t more : {std::uint64_t{1}, std::uint64_t{kSealedChunkBytes - 1}}) {
    CAPTURE(more);
    CHECK_FAILS(PayloadLayout::Create(kNonce + 2 * kSealedChunkBytes + more + 100, 100), ErrorCode::kInvalid,
                "the tail does not begin with a chunk");
  }
}

TEST_CASE("sizes past the limits are refused, up to the largest number there is", "[seal]") {
  CHECK_FAILS(PayloadLayout::Create(kMaxPayloadBytes + 1, 17), ErrorCode::kInvalid, "too large");
  CHECK_FAILS(PayloadLayout::Create(UINT64_MAX, UINT64_MAX), ErrorCode::kInvalid, "too large");
  CHECK_FAILS(PayloadLayout::Create(UINT64_MAX, 17), ErrorCode::kInvalid, "too large");
  CHECK_FAILS(PayloadLayout::Create(kNonce + kMaxTailBytes + 1, kMaxTailBytes + 1), ErrorCode::kInvalid, "too large");
  CHECK(PayloadLayout::Create(kNonce + kMaxTailBytes, kMaxTailBytes));
}

TEST_CASE("a refusal names both sizes", "[seal]") {
  CHECK_FAILS(PayloadLayout::Create(1000, 999), ErrorCode::kInvalid,
              "payload of 1000 bytes with a tail of 999: too small");
}

TEST_CASE("a payload of four exabytes has a layout without overflow", "[seal]") {
  const std::uint64_t chunks = (kMaxPayloadBytes - kNonce - 100) / kSealedChunkBytes;
  const PayloadLayout layout = Unwrap(PayloadLayout::Create(kNonce + chunks * kSealedChunkBytes + 100, 100));
  const PayloadLayout::Block tail = layout.block(layout.tail_block());
  CHECK(tail.offset + tail.bytes == layout.payload_bytes());
  CHECK(tail.first_chunk == chunks);
}

}  // namespace
}  // namespace exhibit::seal
