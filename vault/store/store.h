// The store: an ordered, append-only place for entries, the index of acts, tiles, headers, blocks and
// checkpoints.
//
// The interface is a few verbs, so that another medium (an object store with write-once keys) can
// stand behind it. What it promises:
//
//   - `Append` is atomic and durable: after it returned, and after any crash, all of the batch is
//     there; if it failed or the power went, either all or nothing of it is.
//   - Payload that is too large for a batch is staged first and adopted whole (`PayloadStage`). What
//     was adopted and never followed by its entry is no evidence: nobody was told of it, and the next
//     writer takes the space back (`DropPayloadFrom`).
//   - Nothing that an acknowledged entry refers to is ever changed or deleted, but what a signed shred
//     entry says is to be destroyed (`DestroySealedFile`).
//
// Keys are positions: an entry's is its sequence, a block's is the sequence of its entry and its
// place in the payload. One writer at a time, which the caller ensures (store/lock.h); readers open
// beside it and see it as it was when they opened.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/custody/act_index.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/sequence.h"
#include "vault/tlog/tile.h"
#include "vault/verify/source.h"

namespace exhibit::store {

// The position of a block: of which entry, and which block of its payload.
struct BlockKey {
  tlog::Sequence sequence;
  std::uint64_t block = 0;
  auto operator<=>(const BlockKey&) const = default;
};

// What one commit adds. The views must live until Append returns.
struct AppendBatch {
  struct Entry {
    tlog::Sequence sequence;
    ByteView bytes;
  };
  struct Header {
    tlog::Sequence sequence;
    ByteView bytes;
  };
  struct Rewrapped {  // made anew for an earlier item, by the reseal entry `under`
    tlog::Sequence sequence;
    tlog::Sequence under;
    ByteView bytes;
  };
  struct Tile {
    tlog::TileId id;
    ByteView bytes;
  };
  struct Block {
    BlockKey key;
    ByteView bytes;
  };
  struct BlockHashes {
    tlog::Sequence sequence;
    ByteView bytes;  // 32 bytes for each block
  };
  std::vector<Entry> entries;
  std::vector<custody::ActRow> acts;
  std::vector<Header> headers;
  std::vector<Rewrapped> rewrapped;
  std::vector<BlockHashes> block_hashes;
  std::vector<Tile> tiles;
  std::vector<Block> blocks;
};

// Blocks prepared outside the store, written once. Dropping a stage that was not adopted deletes it.
class PayloadStage {
 public:
  virtual ~PayloadStage() = default;
  // REQUIRES: keys ascend.
  virtual Result<void> Put(BlockKey key, ByteView bytes) = 0;
  // Syncs what was put and makes it part of the store, all or nothing.
  virtual Result<void> Adopt() = 0;
};

class ReadableStore {
 public:
  virtual ~ReadableStore() = default;
  // kNotFound if it is not there, kTampered if a checksum says that it changed, kIo otherwise.
  virtual Result<Bytes> ReadEntry(tlog::Sequence sequence) const = 0;
  virtual Result<Bytes> ReadHeader(tlog::Sequence sequence) const = 0;
  // The header that the reseal entry `under` made anew for the item.
  virtual Result<Bytes> ReadRewrapped(tlog::Sequence sequence, tlog::Sequence under) const = 0;
  // The type of one row of the index of acts, and all rows of these subjects, ascending.
  virtual Result<Bytes> ReadAct(std::uint64_t subject, tlog::Sequence sequence) const = 0;
  virtual Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects subjects) const = 0;
  // The leaf hashes of the payload's blocks, 32 bytes each. Not signed themselves: their root is.
  virtual Result<Bytes> ReadBlockHashes(tlog::Sequence sequence) const = 0;
  virtual Result<Bytes> ReadBlock(BlockKey key) const = 0;
  // The stored tile, which may be wider than `id` asks for.
  virtual Result<Bytes> ReadTile(const tlog::TileId& id) const = 0;
  // The checkpoint of exactly this size, as it was signed.
  virtual Result<Bytes> ReadCheckpoint(tlog::TreeSize size) const = 0;
  // The number of entries that are stored, acknowledged or not.
  virtual Result<tlog::TreeSize> CountEntries() const = 0;
};

class Store : public ReadableStore {
 public:
  virtual Result<void> Append(const AppendBatch& batch) = 0;
  virtual Result<std::unique_ptr<PayloadStage>> NewStage() = 0;
  // Records a checkpoint. Durable with the next Append at the latest; kExists if there is another
  // one of the same size already.
  virtual Result<void> PutCheckpoint(tlog::TreeSize size, ByteView note) = 0;
  // Deletes blocks of entries from `first` on, which no entry refers to.
  // REQUIRES: first == CountEntries().
  virtual Result<void> DropPayloadFrom(tlog::Sequence first) = 0;
  // Destroys headers, block hashes and payload (so many blocks) of the entry's sealed file, and rewrites
  // the store's files that held them. Interrupted after it began, the next opening for writing ends it.
  // REQUIRES: a shred entry that names `sequence` was appended.
  virtual Result<void> DestroySealedFile(tlog::Sequence sequence, std::uint64_t block_count) = 0;
};

}  // namespace exhibit::store
