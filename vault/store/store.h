// The store: an ordered, append-only place for entries, the index of acts, tiles, checkpoints, and the
// sealed files that entries name.
//
// The interface is a few verbs, so that other media can implement it: RocksDB (rocks_store.h), memory for tests
// (memory_store.h), an object store with write-once keys. Every store promises the following.
// tests/store/conformance_test.cc has one test for each promise, and runs it over every store.
//
//   durable      After `Append` returned, all of the batch is there as it was given: for this store, for every store
//                that is opened later, and after any crash.
//   atomic       If `Append` fails, or the power goes meanwhile, either all or nothing of the batch is there. Which of
//                the two is known once the store is opened anew; before, the store stages and appends nothing more (kIo),
//                and takes back nothing that the batch may name.
//   append-only  No entry, row, place, hash of the tree or checkpoint is ever replaced or deleted. `Append` refuses a
//                batch that does not begin right after the last entry, and does nothing.
//   staged       A sealed file is staged first (`SealedStage`): written once, synced, read back, and known by the place
//                where it is. It has no position in the log yet, and no reader sees it.
//   taken back   What was staged and no entry names is no evidence: nobody was told of it. The stage takes it back when
//                it goes; after a crash the next writer does (`DropUnreferenced`), once it has looked at what there is of
//                it (`FindUnreferenced`). What entries name stays. A store of many machines takes nothing back, since
//                nobody knows whether it is another writer's: it is remarked (`CheckMedium`).
//   destroyed    What `DestroySealedFile` or `DestroyHeaders` destroyed can be read by nobody any more, even by a reader
//                that opened before, and stays destroyed after any crash. Nothing else is touched. Where bytes are under a
//                lock, a store refuses them from the entry on that says so (`AppendBatch::destroyed`), and they go when the
//                lock has ended (object_engine.h); a reader that opened before may read them until then.
//   snapshot     A reader sees the store as it was when it was opened, whatever the writer does meanwhile; but no file
//                that was destroyed.
//   absent       What is not there is kNotFound, never empty bytes and never another error.
//   threads      All reads may be made from several threads at once.
//
// One writer at a time, which the caller ensures (base/file_lock.h), or on an object store one on each machine; readers open
// beside it. A store of one format is opened
// by an `Engine` (engine.h).
#pragma once

#include <cstdint>
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
#include "vault/store/sealed_stage.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/merkle.h"
#include "vault/tlog/sequence.h"
#include "vault/tlog/tile.h"
#include "vault/verify/source.h"

namespace exhibit::store {

// What one commit adds. The views must live until Append returns.
//
// REQUIRES: `sealed` is of entries of the batch, and `rewrapped` under one of them. Places are of one stage that was
// synced, and all that it staged up to the last of them. A tile has all hashes of the stored one, then the new ones.
// `destroyed` is all that entries of the batch say of earlier ones.
struct AppendBatch {
  struct Entry {
    tlog::Sequence sequence;
    // Empty: lost. A rescue keeps its place open; it is in the tree, and kNotFound. The last of a batch is never lost.
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
  struct Destroyed {  // of an earlier entry, by the entry `under`
    enum class What : std::uint8_t { kSealedFile, kEarlierHeaders };
    tlog::Sequence sequence;
    tlog::Sequence under;
    What what = What::kSealedFile;
  };
  struct Tile {
    tlog::TileId id;
    ByteView bytes;
  };
  std::vector<Entry> entries;
  std::vector<custody::ActRow> acts;
  std::vector<Sealed> sealed;
  std::vector<Rewrapped> rewrapped;
  std::vector<Destroyed> destroyed;
  std::vector<Tile> tiles;
};

class ReadableStore : public verify::LogSource {
 public:
  // What LogSource reads: kNotFound if it is not there, kTampered if a checksum says that it changed, kIo otherwise. So
  // in all reads.
  //   ReadActs     the rows of these subjects, ascending; none is no error
  //   ReadTile     as many hashes of the tile as are stored, from its first on: more or fewer than `id.width`
  //   CheckMedium  every byte of the medium that the calls here do not read, or read without noticing a change; nothing
  //                where all is as it was written, and a remark on what was staged and no entry names

  // `count` entries from `first` on, each as ReadEntry gives it, also those past the end; cheaper than one by one.
  virtual std::vector<Result<Bytes>> ReadEntries(tlog::Sequence first, std::size_t count) const = 0;
  // The type of one row of the index of acts.
  virtual Result<Bytes> ReadAct(std::uint64_t subject, tlog::Sequence sequence) const = 0;
  // The place of the entry's sealed file, or of the header that the reseal entry `under` made anew for it. kNotFound
  // if it has none, or if it was destroyed. Where the header alone was destroyed, the place says so.
  virtual Result<SealedPlace> FindPlace(tlog::Sequence sequence) const = 0;
  virtual Result<SealedPlace> FindPlace(tlog::Sequence sequence, tlog::Sequence under) const = 0;
  // A stretch of the sealed file that lies there, counted from its header's first byte. kTampered if it ends before.
  virtual Result<Bytes> ReadSealed(const SealedPlace& place, ByteRange range) const = 0;
  // The checkpoint of exactly this size, as it was signed.
  virtual Result<Bytes> ReadCheckpoint(tlog::TreeSize size) const = 0;
  // The number of entries that are stored, acknowledged or not.
  virtual Result<tlog::TreeSize> CountEntries() const = 0;
  // Where entries are missing that were acknowledged: which part of the medium is gone, as far as it shows. For people.
  virtual std::string DescribeLoss() const { return {}; }

  // Parts of a sealed file: FindPlace, then ReadSealed, with the errors of both.
  Result<Bytes> ReadHeader(tlog::Sequence sequence) const final;
  Result<Bytes> ReadRewrapped(tlog::Sequence sequence, tlog::Sequence under) const final;
  Result<Bytes> ReadLayout(tlog::Sequence sequence) const final;
  Result<Bytes> ReadPayload(tlog::Sequence sequence, ByteRange range) const final;
  Result<Bytes> ReadBlockHashes(tlog::Sequence sequence) const final;
};

class Store : public ReadableStore {
 public:
  // Durable when it returns. An empty batch makes durable what PutCheckpoint recorded.
  //   kExists   other entries came before: read them from the batch's first position on, and try again after them
  //   kInvalid  it would leave a gap
  //   kIo       it may be there or not (`atomic`, above)
  virtual Result<void> Append(const AppendBatch& batch) = 0;
  // kIo after an Append of which nobody knows how it went.
  virtual Result<std::unique_ptr<SealedStage>> NewStage() = 0;
  // Records a checkpoint. Durable with the next Append at the latest. The same again is done already; kExists if
  // there is another one of the same size.
  virtual Result<void> PutCheckpoint(tlog::TreeSize size, ByteView note) = 0;
  // All that an interrupted writer staged and no entry names, in the order in which it was staged, as the payload of a
  // place that ReadSealed takes. kNotFound if there is nothing. REQUIRES: no stage is open.
  virtual Result<SealedPlace> FindUnreferenced() const = 0;
  // Frees the space of files that an interrupted writer staged and no entry names. REQUIRES: no stage is open.
  virtual Result<void> DropUnreferenced() = 0;
  // Destroys the sealed file of the entry, headers that were made anew for it too: overwritten, synced, and from then on
  // kNotFound, as its layout line is. What was interrupted is begun again by calling it again; where there is nothing, nothing is
  // done. REQUIRES: a shred entry that names `sequence` was appended.
  virtual Result<void> DestroySealedFile(tlog::Sequence sequence) = 0;
  // Destroys the headers that the sealed file of `sequence` had before the one that the reseal entry `under` made anew:
  // its own, and those of earlier reseal entries. The payload and the layout line stay. Otherwise as DestroySealedFile.
  // REQUIRES: the reseal entry `under`, which names `sequence` and destroys, was appended.
  virtual Result<void> DestroyHeaders(tlog::Sequence sequence, tlog::Sequence under) = 0;
};

}  // namespace exhibit::store
