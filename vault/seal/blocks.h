// Blocks of a payload, made and opened one at a time, in any order and by several threads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/merkle.h"
#include "vault/seal/chunks.h"
#include "vault/seal/key_commitment.h"
#include "vault/seal/layout.h"

namespace exhibit::seal {

inline constexpr std::size_t kBlockPlaintextBytes = kChunksInBlock * kChunkBytes;

// The plaintext of a run of chunks that becomes a block.
struct BlockPlaintext {
  std::uint64_t first_chunk = 0;
  RunEnd end = RunEnd::kMoreFollow;
  Bytes bytes;
};

struct SealedBlock {
  Bytes bytes;
  crypto::LeafHash hash;
};
// Seals it into `buffer`, whatever that held.
SealedBlock SealBlock(const PayloadKey& key, const BlockPlaintext& plaintext, Bytes buffer = {});

// Reads a stretch of a payload, all of it. Called by several threads where several blocks are opened at once.
using PayloadSource = std::function<Result<Bytes>(ByteRange)>;

// Reads the blocks of one payload. Without a key it gives them as they are stored, with their hashes; with the key it
// opens them too. May be used by several threads once the key is there.
class BlockReader {
 public:
  BlockReader(const PayloadLayout& layout, PayloadSource source) : layout_(layout), source_(std::move(source)) {}

  // Compares `commitment` (`key` of the entry) before anything of the payload is read, then reads block 0.
  // Errors as of CheckCommitment and Stored.
  Result<void> Unlock(const FileKey& file_key, const KeyCommitment& commitment);

  // A stretch of the payload. kTampered if the source gives another number of bytes; or the source's error.
  Result<Bytes> Stored(ByteRange range) const;
  // A run of chunks, opened into `plaintext`. Errors as of Stored and ChunkCipher::Open. REQUIRES: Unlock was called.
  Result<void> Open(const PayloadLayout::Block& chunks, Bytes& plaintext) const;

  struct Block {
    Result<Bytes> stored;
    crypto::LeafHash hash;
    Result<void> opened;  // of block 0, or without a key: nothing was opened, and `plaintext` is empty
    Bytes plaintext;
  };
  // REQUIRES: index < layout().block_count().
  Block Read(std::uint64_t index) const;

  const PayloadLayout& layout() const { return layout_; }

 private:
  PayloadLayout layout_;
  PayloadSource source_;
  std::optional<PayloadKey> key_;
};

}  // namespace exhibit::seal
