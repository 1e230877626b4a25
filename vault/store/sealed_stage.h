// Sealed files on their way into a store: written once, synced, read back and compared, and known by the place where they
// are. No entry names them yet, so no reader sees them; a stage that goes before an append named its places takes back what
// it wrote.
//
// While bytes pass, a stage notes a fast digest of each stretch of them, under a seed of its own, and Sync compares. That
// finds what memory, the file system or the disk made of them. It is no defence against somebody: entries name SHA-256 of
// the same blocks, and whoever could change what is read here could change what was given. SHA-256 takes 0.6 ms of a
// processor for a MiB, and this 0.1 for both times.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/parallel.h"
#include "vault/store/sealed_sink.h"
#include "vault/tlog/merkle.h"

namespace exhibit::store {

// A run of bytes in one pack. Packs are numbered from 1.
struct Extent {
  std::uint64_t pack = 0;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  bool operator==(const Extent&) const = default;
};

// The place of a sealed file and the sizes of its parts, one after another: the age header, the payload,
// and the leaf hashes of the payload's blocks, 32 bytes each. A header that was made anew for an earlier
// item has no payload and no hashes.
struct SealedPlace {
  enum class Header : std::uint8_t { kHere, kDestroyed };
  std::uint64_t header_bytes = 0;
  std::uint64_t payload_bytes = 0;
  std::uint64_t hashes_bytes = 0;
  std::vector<Extent> extents;  // together the sum of the three
  std::string layout = {};      // the layout line; empty for a header alone
  Header header = Header::kHere;
  std::uint64_t bytes() const { return header_bytes + payload_bytes + hashes_bytes; }
  bool operator==(const SealedPlace&) const = default;
};

// One after another: Begin, Put…, End. One stage at a time. REQUIRES: its store outlives it.
class SealedStage : public SealedSink {
 public:
  // Who compares what comes back with what was put: Sync, stretch by stretch; or the store's own stage, which knows larger
  // pieces that it reads at once.
  enum class Comparing : std::uint8_t { kInSync, kInSyncFiles };
  explicit SealedStage(Comparing comparing = Comparing::kInSync);
  ~SealedStage() override;

  Result<void> Begin(ByteView header) final;
  Result<void> Put(ByteView bytes) final;
  // The present sealed file is complete. `hashes` are the leaf hashes of its blocks and `layout` its layout line; none
  // and empty for a header alone.
  Result<SealedPlace> End(std::span<const tlog::LeafHash> hashes, std::string_view layout);

  // Makes durable what was put, reads it back and compares, side by side if there is a pool. Call it before an append names
  // one of the places. kTampered if something else came back.
  Result<void> Sync(Pool* pool = nullptr);

 private:
  virtual Result<void> BeginFile(ByteView header) = 0;
  virtual Result<void> PutBytes(ByteView bytes) = 0;
  virtual Result<SealedPlace> EndFile(std::span<const tlog::LeafHash> hashes, std::string_view layout) = 0;
  // With Comparing::kInSyncFiles it reads back and compares, too.
  virtual Result<void> SyncFiles() = 0;
  // Fills `into` with bytes of a sealed file that was staged here, counted from its header's first one.
  // Not called with Comparing::kInSyncFiles. REQUIRES: it was synced, and is as long.
  virtual Result<void> ReadBack(const SealedPlace& place, std::uint64_t offset, MutableByteView into) const = 0;

  class Noted;
  std::unique_ptr<Noted> noted_;  // null where nothing is compared in Sync
};

}  // namespace exhibit::store
