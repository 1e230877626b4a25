// Sealed files of a damaged store: where they lie, and which of their blocks are still what was signed.
//
// An entry names the hash of its header and of its layout line, and the line has the root over the blocks. So each is known
// by itself, wherever it lies: at the place that the store kept for it; after its header, if that place is lost; in another
// copy of the vault; in a sealed bundle, which has the same payload under other headers. A block that is wrong in one copy
// is taken from another.
//
//   header lost   the payload is proven, and nobody can open it
//   layout lost   it is made again from the block hashes that lie after the payload
//   block lost    its bytes are left as they were found, zeros where nothing was: an age chunk of 64 KiB in it may open
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "vault/custody/sealed_file.h"
#include "vault/rescue/found.h"
#include "vault/rescue/layout_search.h"
#include "vault/store/store.h"

namespace exhibit::rescue {

// What is lost of one sealed file.
struct SealedLoss {
  enum class Part : std::uint8_t { kKept, kLost };
  Part header = Part::kKept;
  Part whole = Part::kKept;         // lost: nothing of it was found
  std::vector<ByteRange> payload;   // neighbours are joined
  std::uint64_t payload_bytes = 0;  // 0 where its layout line is lost, too
  bool any() const { return header == Part::kLost || whole == Part::kLost || !payload.empty(); }
  std::uint64_t lost_bytes() const;
};

class SealedFinder {
 public:
  // REQUIRES: both outlive this.
  SealedFinder(const Found& found, const Search& search) : found_(found), search_(search) {}

  struct Staged {
    std::optional<store::SealedPlace> place;  // nothing if nothing of it was found
    SealedLoss loss;
  };
  // Writes to the stage what there is of it. Fails only if the stage does, or on kInterrupted.
  Result<Staged> Stage(const custody::SealedFile& file, store::SealedStage& stage);

  // A header by its hash: one that was made anew.
  Result<std::optional<Bytes>> FindHeader(const custody::HeaderDigest& digest);

 private:
  struct Copies {
    std::optional<seal::PayloadLayout> layout;
    std::vector<SealedCopy> copies;
    bool is_complete = false;  // what only reading all packs finds is among them
  };
  struct FoundBlock {
    Bytes bytes;
    tlog::LeafHash hash;
    bool is_proven = false;
  };
  Result<Copies> FindCopies(const custody::SealedFile& file);
  // Adds what only reading all packs finds, once.
  Result<void> Complete(const custody::SealedFile& file, Copies& at);
  Result<void> AddByHeader(const custody::SealedFile& file, Copies& at);
  Result<void> ReadAllHeaders();
  // The header with this hash, wherever it lies; else one as it was found.
  Result<Bytes> BestHeader(const custody::HeaderDigest& digest, const Copies& at, SealedLoss& loss);
  // The block with this hash of any copy; else the first copy's.
  Result<FoundBlock> BestBlock(const custody::SealedFile& file, ByteRange range,
                               const std::optional<tlog::LeafHash>& proven, Copies& at);
  std::optional<std::vector<tlog::LeafHash>> ProvenHashes(const Copies& at) const;
  Bytes ReadOf(const SealedCopy& copy, ByteRange range) const {
    return found_.packs[copy.packs].Read(copy.extents, range);
  }

  const Found& found_;
  const Search& search_;
  std::optional<FoundHeaders> headers_;
};

}  // namespace exhibit::rescue
