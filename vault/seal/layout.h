// How the payload of a sealed file is cut into blocks: the leaves of the payload's Merkle tree, and
// the units in which it is stored and transferred.
//
//   block 0        the nonce, 16 bytes
//   content        16 sealed chunks each (1,048,832 bytes), the last of them fewer, but whole ones
//   last block     the tail: from the chunk that holds the first byte of the metadata frame to the end
//
//   plaintext  | content frames ............................ | metadata frame |
//   chunks     |  0  |  1  | … | 15 | 16 | … |      n-1      |       n        |
//   blocks   0 |  1 (chunks 0-15)   | 2 (16…)|     tail (n-1 and n)           |
//
// The tail is a block of its own so that a listing reads metadata and not evidence. Two numbers make
// the layout: the payload's size and the tail's; an entry states both.
#pragma once

#include <cstdint>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/seal/chunks.h"

namespace exhibit::seal {

inline constexpr std::uint64_t kChunksInBlock = 16;
inline constexpr std::uint64_t kBlockBytes = kChunksInBlock * kSealedChunkBytes;
inline constexpr std::uint64_t kMaxPayloadBytes = std::uint64_t{1} << 62;
// A tail holds metadata of at most 1 MiB, and up to a chunk of content before it.
inline constexpr std::uint64_t kMaxTailBytes = kBlockBytes + 2 * kSealedChunkBytes;

class PayloadLayout {
 public:
  // kInvalid if no payload has these sizes.
  static Result<PayloadLayout> Create(std::uint64_t payload_bytes, std::uint64_t tail_bytes);

  // The layout for `content_bytes` of frames followed by `metadata_bytes` of metadata frame.
  // REQUIRES: metadata_bytes > 0, and not more than a frame of kMaxMetadataBytes.
  static PayloadLayout For(std::uint64_t content_bytes, std::uint64_t metadata_bytes);

  std::uint64_t payload_bytes() const { return payload_bytes_; }
  std::uint64_t tail_bytes() const { return tail_bytes_; }
  std::uint64_t plaintext_bytes() const;

  std::uint64_t block_count() const { return 2 + content_blocks_; }
  std::uint64_t tail_block() const { return 1 + content_blocks_; }

  struct Block {
    std::uint64_t offset = 0;  // in the payload, bytes
    std::uint64_t bytes = 0;
    std::uint64_t first_chunk = 0;  // of blocks 1 and up
    RunEnd end = RunEnd::kMoreFollow;
    ByteRange range() const { return {offset, bytes}; }
  };
  // REQUIRES: index < block_count().
  Block block(std::uint64_t index) const;

 private:
  PayloadLayout(std::uint64_t payload_bytes, std::uint64_t tail_bytes);
  std::uint64_t payload_bytes_;
  std::uint64_t tail_bytes_;
  std::uint64_t content_blocks_;
};

}  // namespace exhibit::seal
