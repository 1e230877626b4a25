// The store: an ordered, append-only place for entries, the index of acts, tiles, checkpoints, and the
// sealed files that entries name.
//
// The interface is a few verbs, so that another medium (an object store with write-once keys) can
// stand behind it. What it promises:
//
//   - A sealed file is staged first (`SealedStage`): written once, synced, read back, and known by the
//     place where it lies. It has no position in the log yet, and nobody else sees it.
//   - `Append` is atomic and durable: after it returned, and after any crash, all of the batch is
//     there; if it failed or the power went, either all or nothing of it is. A batch names the places of
//     the sealed files that its entries own.
//   - What was staged and is named by no entry is no evidence: nobody was told of it, and the next
//     writer takes the space back (`DropUnreferenced`).
//   - Nothing that an acknowledged entry refers to is ever changed or deleted, but what a signed shred
//     entry says is to be destroyed (`DestroySealedFile`).
//
// One writer at a time, which the caller ensures (base/file_lock.h); readers open beside it and see it as it
// was when they opened. All reads may be made from several threads at once.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/custody/act_index.h"
#include "vault/store/sealed_sink.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/merkle.h"
#include "vault/tlog/sequence.h"
#include "vault/tlog/tile.h"
#include "vault/verify/source.h"

namespace exhibit::store {

// A run of bytes in one pack. Packs are numbered from 1.
struct Extent {
  std::uint64_t pack = 0;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  bool operator==(const Extent&) const = default;
};

// Where a sealed file lies and what it is made of, one part after the other: the age header, the payload,
// and the leaf hashes of the payload's blocks, 32 bytes each. A header that was made anew for an earlier
// item has no payload and no hashes.
struct SealedPlace {
  std::uint64_t header_bytes = 0;
  std::uint64_t payload_bytes = 0;
  std::uint64_t hashes_bytes = 0;
  std::vector<Extent> extents;  // together the sum of the three
  bool operator==(const SealedPlace&) const = default;
};

// What one commit adds. The views must live until Append returns.
struct AppendBatch {
  struct Entry {
    tlog::Sequence sequence;
    ByteView bytes;
  };
  struct Sealed {
    tlog::Sequence sequence;
    SealedPlace place;
  };
  struct Rewrapped {  // made anew for an earlier item, by the reseal entry `under`
    tlog::Sequence sequence;
    tlog::Sequence under;
    SealedPlace place;
  };
  struct Tile {
    tlog::TileId id;
    ByteView bytes;
  };
  std::vector<Entry> entries;
  std::vector<custody::ActRow> acts;
  std::vector<Sealed> sealed;
  std::vector<Rewrapped> rewrapped;
  std::vector<Tile> tiles;
};

// Sealed files on their way into the store, one after another: Begin, Put…, End. A stage that goes before an
// Append named its places takes back what it wrote. One at a time.
class SealedStage : public SealedSink {
 public:
  // The present sealed file is complete. `hashes` are the leaf hashes of its blocks, none for a header alone.
  virtual Result<SealedPlace> End(std::span<const tlog::LeafHash> hashes) = 0;
  // Makes durable what was put. Nothing may be appended that names a place before.
  virtual Result<void> Sync() = 0;
  // A stretch of a sealed file that was staged here, counted from its header's first byte: to compare.
  virtual Result<Bytes> ReadBack(const SealedPlace& place, ByteRange range) const = 0;
};

class ReadableStore {
 public:
  virtual ~ReadableStore() = default;
  // kNotFound if it is not there, kTampered if a checksum says that it changed, kIo otherwise.
  virtual Result<Bytes> ReadEntry(tlog::Sequence sequence) const = 0;
  // `count` entries from `first` on, each as ReadEntry gives it; cheaper than one by one.
  virtual std::vector<Result<Bytes>> ReadEntries(tlog::Sequence first, std::size_t count) const = 0;
  // The type of one row of the index of acts, and all rows of these subjects, ascending.
  virtual Result<Bytes> ReadAct(std::uint64_t subject, tlog::Sequence sequence) const = 0;
  virtual Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects subjects) const = 0;
  // Where the entry's sealed file lies, or the header that the reseal entry `under` made anew for it. kNotFound
  // if it has none, or if it was destroyed.
  virtual Result<SealedPlace> FindPlace(tlog::Sequence sequence) const = 0;
  virtual Result<SealedPlace> FindPlace(tlog::Sequence sequence, tlog::Sequence under) const = 0;
  // Parts of it, and errors as of FindPlace.
  virtual Result<Bytes> ReadHeader(tlog::Sequence sequence) const = 0;
  virtual Result<Bytes> ReadRewrapped(tlog::Sequence sequence, tlog::Sequence under) const = 0;
  virtual Result<Bytes> ReadPayload(tlog::Sequence sequence, ByteRange range) const = 0;
  // The leaf hashes of the payload's blocks, 32 bytes each. Not signed themselves: their root is.
  virtual Result<Bytes> ReadBlockHashes(tlog::Sequence sequence) const = 0;
  // The stored tile, which may be wider than `id` asks for.
  virtual Result<Bytes> ReadTile(const tlog::TileId& id) const = 0;
  // The checkpoint of exactly this size, as it was signed.
  virtual Result<Bytes> ReadCheckpoint(tlog::TreeSize size) const = 0;
  // The number of entries that are stored, acknowledged or not.
  virtual Result<tlog::TreeSize> CountEntries() const = 0;
  // Every byte of the medium that the calls above do not read, or read without noticing a change.
  virtual Result<std::vector<verify::MediumFault>> CheckMedium() const = 0;
};

class Store : public ReadableStore {
 public:
  virtual Result<void> Append(const AppendBatch& batch) = 0;
  virtual Result<std::unique_ptr<SealedStage>> NewStage() = 0;
  // Records a checkpoint. Durable with the next Append at the latest; kExists if there is another
  // one of the same size already.
  virtual Result<void> PutCheckpoint(tlog::TreeSize size, ByteView note) = 0;
  // Takes back what an interrupted writer staged and no entry names. REQUIRES: no stage is open.
  virtual Result<void> DropUnreferenced() = 0;
  // Destroys the sealed file of the entry, headers that were made anew for it too: overwritten, synced, and
  // from then on kNotFound. What was interrupted is begun again by calling it again.
  // REQUIRES: a shred entry that names `sequence` was appended.
  virtual Result<void> DestroySealedFile(tlog::Sequence sequence) = 0;
};

}  // namespace exhibit::store
