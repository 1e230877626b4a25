// How the payload of a sealed file is cut into blocks: the leaves of the payload's Merkle tree, and the units in which
// it is stored and transferred. And the line that states it, whose hash is the entry's `payload`.
//
//   block 0        the nonce, 16 bytes
//   content        16 sealed chunks each (1,048,832 bytes), the last of them fewer, but whole ones
//   last block     the tail: from the chunk that holds the first byte of the fields frame to the end
//
//   plaintext  | content frames .............. | padding | fields | seek table |
//   chunks     |  0  |  1  | … | 15 | 16 | … |    n-1    |       n         |
//   blocks   0 |  1 (chunks 0-15)   | 2 (16…)|     tail (n-1 and n)        |
//
//   line       {"bytes":4128,"tail":4112,"root":"<64 hex>"}\n
//
// The tail is a block of its own so that a listing reads fields and not evidence. A public entry has the hash of the
// line only: it says no size, and the root of blocks that nobody outside has keeps it from being guessed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/hash.h"
#include "vault/crypto/merkle.h"
#include "vault/seal/chunks.h"

namespace exhibit::seal {

inline constexpr std::uint64_t kChunksInBlock = 16;
inline constexpr std::uint64_t kBlockBytes = kChunksInBlock * kSealedChunkBytes;
inline constexpr std::uint64_t kMaxPayloadBytes = (std::uint64_t{1} << 53) - 1;
inline constexpr std::uint64_t kMaxTailBytes = 20'971'520;

class PayloadLayout {
 public:
  struct Sizes {
    std::uint64_t payload_bytes = 0;
    std::uint64_t tail_bytes = 0;
    bool operator==(const Sizes&) const = default;
  };
  // kInvalid naming the sizes and the rule if no payload has them.
  static Result<PayloadLayout> Create(const Sizes& sizes, const crypto::RootHash& root);
  // The sizes for a plaintext whose fields frame begins at `fields_at`.
  // REQUIRES: fields_at < plaintext_bytes.
  static Sizes SizesFor(std::uint64_t plaintext_bytes, std::uint64_t fields_at);

  // The line, its line feed included. kInvalid if it is in another form, or as Create.
  static Result<PayloadLayout> Parse(std::string_view line);
  std::string Line() const;
  // The hash of the line: `payload` in the entry.
  crypto::Sha256Digest Digest() const;

  std::uint64_t payload_bytes() const { return sizes_.payload_bytes; }
  std::uint64_t tail_bytes() const { return sizes_.tail_bytes; }
  const crypto::RootHash& root() const { return root_; }
  std::uint64_t plaintext_bytes() const;
  std::uint64_t chunk_count() const;

  std::uint64_t block_count() const { return 2 + content_blocks_; }
  std::uint64_t tail_block() const { return 1 + content_blocks_; }
  // Where the tail begins in the plaintext.
  std::uint64_t tail_begin() const;

  struct Block {
    std::uint64_t offset = 0;  // in the payload, bytes
    std::uint64_t bytes = 0;
    std::uint64_t first_chunk = 0;  // of blocks 1 and up
    RunEnd end = RunEnd::kMoreFollow;
    ByteRange range() const { return {offset, bytes}; }
  };
  // REQUIRES: index < block_count().
  Block block(std::uint64_t index) const;
  // The chunks `first` to `last`, as a block is described.
  // REQUIRES: first <= last < chunk_count().
  Block Chunks(std::uint64_t first, std::uint64_t last) const;

  bool operator==(const PayloadLayout&) const = default;

 private:
  PayloadLayout(const Sizes& sizes, const crypto::RootHash& root);
  Sizes sizes_;
  std::uint64_t content_blocks_;
  crypto::RootHash root_;
};

}  // namespace exhibit::seal
