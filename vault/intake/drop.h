// A drop: a folder of sealed items on their way to a vault, made by a collecting machine.
//
//   <id>-<number>.age         the sealed file: header and payload; any age tool opens it with the vault key
//   <id>-<number>.age.1 …     the same in pieces, where the medium takes no longer file (sealed_pieces.h)
//   <id>-<number>.collected   its layout line, then the collector's statement about it (custody/statements/collected.h)
//   <id>-<number>.closed      the statement that ends a run; <number> is that of the last item
//
// <id> are the eight digits of the collector's key, <number> its number. An item is complete once its statement is there,
// which is written last; names that end with ".part" or ".new" are of items that were never finished. Several collectors
// may share a drop. Whoever carries it can remove, repeat and damage items, and is found out; a drop shows nobody what is
// in its items.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "vault/intake/adder.h"
#include "vault/intake/collector.h"

namespace exhibit::intake {

class SealedPieces;

// Receives what a collector seals. Each item is durable when `Commit` returns; the numbers that it returns
// are the collector's. Omissions become items: a drop has no other entries.
class DropDestination final : public Destination {
 public:
  // Makes the folder if it is not there. REQUIRES: `collector` outlives it.
  static Result<std::unique_ptr<DropDestination>> Open(Collector& collector, const std::filesystem::path& folder);

  const store::EntrySealer& sealer() const override { return collector_.sealer(); }
  Result<std::unique_ptr<store::SealedStage>> NewStage() override;
  Result<store::Committed> Commit(std::vector<store::Pending> group,
                                  std::unique_ptr<store::SealedStage> stage) override;
  // The closing statement of this run. None of one that collected nothing after a closing statement that is here.
  Result<void> Close() override;
  tlog::Checkpoint head() const override { return head_; }
  const tlog::SigningKey& key() const override { return collector_.key(); }
  tlog::Sequence next() const override { return {collector_.last() + 1}; }
  // Of an item that is in this drop, whole: what was carried away is collected again.
  std::optional<custody::HeaderDigest> HeaderOf(tlog::Sequence number) const override;

 private:
  DropDestination(Collector& collector, std::filesystem::path folder);
  std::filesystem::path PathOf(std::uint64_t number, std::string_view ending) const;
  Result<void> PutAside(const std::filesystem::path& sealed) const;
  Result<std::unique_ptr<SealedPieces>> NewFile(std::uint64_t number) const;
  Result<void> PutSealedFile(const store::Pending& pending, store::SealedStage* stage, std::uint64_t number) const;
  Collector& collector_;
  std::filesystem::path folder_;
  tlog::Checkpoint head_;  // of no entries: a drop has no log
};

}  // namespace exhibit::intake
