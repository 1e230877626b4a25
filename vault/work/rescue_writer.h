// Writes the entries of a rescued log and their sealed files into a new store. Internal to work/rescue.cc.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "vault/custody/position_ranges.h"
#include "vault/store/store.h"
#include "vault/tlog/tree.h"
#include "vault/work/rescue.h"

namespace exhibit::work {

// What later entries say of the sealed files of earlier ones, read before anything is written.
struct SaidOfFiles {
  custody::PositionRanges shredded;
  // Of an item: the last reseal entry that destroyed the headers it had before.
  std::map<std::uint64_t, std::uint64_t> destroyed_under;
  std::optional<custody::KeyFileDigest> reader_key;  // what the log names as keys/reader.age at its head

  static SaidOfFiles Of(const rescue::Found& found, const rescue::RescuedLog& log);
};

class RescueWriter {
 public:
  // All outlive this. Adds to `rescued` what was kept and what is lost.
  RescueWriter(const rescue::Found& found, const rescue::RescuedLog& log, const SaidOfFiles& said,
               rescue::SealedFinder& finder, store::Store& store, Rescued& rescued)
      : found_(found), log_(log), said_(said), finder_(finder), store_(store), rescued_(rescued) {}

  // Errors of the store, or kInterrupted.
  Result<void> Run();

 private:
  struct Taken {
    Bytes bytes;
    std::optional<custody::SignedEntry> parsed;  // nothing of one that this version cannot read
  };
  std::optional<Taken> ReadAt(std::size_t position) const;
  // False if it comes after the head and is not whole: then it is left out, and all after it.
  Result<bool> TakeEntry(std::size_t position);
  Result<void> StageSealed(const custody::SignedEntry& entry, LostPart& lost);
  Result<void> StageHeaders(const custody::SignedEntry& entry);
  Result<void> Flush();
  Result<void> DestroyHeaders();

  const rescue::Found& found_;
  const rescue::RescuedLog& log_;
  const SaidOfFiles& said_;
  rescue::SealedFinder& finder_;
  store::Store& store_;
  Rescued& rescued_;

  tlog::GrowingTree tree_;
  std::unique_ptr<store::SealedStage> stage_;
  std::uint64_t staged_bytes_ = 0;
  std::vector<std::pair<tlog::Sequence, Bytes>> entries_;  // of the batch
  store::AppendBatch batch_;                               // but its entries and tiles
  std::map<std::uint64_t, LostPart> lost_;
};

}  // namespace exhibit::work
