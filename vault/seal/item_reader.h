// An opened sealed file: its fields, its original, and any stretch of it, from a function that reads stretches of the
// payload. The one way from blocks to evidence: who lists, prints, exports or verifies sealed files reads them here.
//
//   open            reads block 0 and the tail; knows fields, seek table and the size of the original
//   ReadOriginal    reads every block but the tail, in order, and checks all that docs/FORMAT.md says of a plaintext
//   ReadRange       reads the chunks of the content frames that hold the stretch, and nothing else
//
// Every chunk is authenticated under the file key, to which the entry commits, before a byte of it is used. That the
// blocks are those under the entry's root, ReadOriginal checks at its end; ReadRange does not read all blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/seal/blocks.h"
#include "vault/seal/key_commitment.h"
#include "vault/seal/layout.h"
#include "vault/seal/plaintext_reader.h"
#include "vault/seal/tail.h"

namespace exhibit {
class Pool;
}

namespace exhibit::seal {

class ItemReader {
 public:
  using Sink = PlaintextReader::Sink;

  struct SealedFile {
    const KeyCommitment& commitment;  // `key` of the entry
    const PayloadLayout& layout;
    PayloadSource source;
  };
  // Compares the commitment before anything of the payload is read. Errors as of CheckCommitment, the source,
  // ChunkCipher::Open and ReadTail. Memory: the tail, while the reader lives.
  static Result<ItemReader> Open(const FileKey& file_key, SealedFile file);

  const std::string& field_lines() const { return tail_.field_lines; }
  const SeekTable& seek_table() const { return tail_.seek_table; }
  std::uint64_t original_bytes() const { return tail_.seek_table.original_bytes(); }
  const PayloadLayout& layout() const { return blocks_.layout(); }

  // For who reports on each block.
  const BlockReader& blocks() const { return blocks_; }

  // Gives the original to `sink`, a frame at a time, with blocks read and opened ahead by `pool` if there is one.
  // kTampered if the blocks are not those of the layout's root, kInvalid naming the rule that the plaintext breaks,
  // and the errors of source and sink. The sink may have got a part before an error.
  Result<void> ReadOriginal(const Sink& sink, Pool* pool = nullptr) const;

  // Gives the bytes `range` of the original to `sink`. kInvalid if it goes beyond the original, or if a frame is not the
  // one that the seek table says.
  Result<void> ReadRange(ByteRange range, const Sink& sink) const;
  // What ReadRange reads from the source: whole chunks, and none of the tail, which is there. Empty (0 bytes) if all of
  // it is. REQUIRES: range within the original, not empty.
  ByteRange PayloadOf(ByteRange range) const;

 private:
  ItemReader(BlockReader blocks, BlockReader::Block tail_block, Tail tail)
      : blocks_(std::move(blocks)), tail_block_(std::move(tail_block)), tail_(std::move(tail)) {}
  ByteRange FramesOf(ByteRange range) const;
  Result<void> ReadPlaintext(ByteRange range, const Sink& sink) const;

  BlockReader blocks_;
  BlockReader::Block tail_block_;  // without its stored bytes
  Tail tail_;
};

}  // namespace exhibit::seal
