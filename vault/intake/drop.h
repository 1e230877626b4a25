// A drop: a folder of sealed items on their way to a vault, made by a collecting machine.
//
//   <id>-<number>.age         the sealed file: header and payload; any age tool opens it with the vault key
//   <id>-<number>.collected   the collector's statement about it (custody/collected.h)
//
// <id> are the eight digits of the collector's key, <number> its number. An item is complete once its second
// file is there, which is written last; names that end with ".part" or ".collected.new" are of items that were never
// finished.
// Several collectors may share a drop. Whoever carries it can remove, repeat and damage items, and is found out;
// a drop shows nobody what is in its items.
#pragma once

#include <filesystem>
#include <string>

#include "vault/intake/adder.h"
#include "vault/intake/collector.h"

namespace exhibit::intake {

// Receives what a collector seals. Each item is durable when `Commit` returns; the numbers that it returns
// are the collector's.
class DropDestination final : public Destination {
 public:
  // Makes the folder if it is not there. REQUIRES: `collector` outlives it.
  static Result<std::unique_ptr<DropDestination>> Open(Collector& collector, const std::filesystem::path& folder);

  const seal::X25519Recipient& recipient() const override { return collector_.setup().recipient; }
  Result<std::unique_ptr<store::SealedStage>> NewStage() override;
  Result<store::Committed> Commit(std::vector<store::Pending> group,
                                  std::unique_ptr<store::SealedStage> stage) override;
  tlog::Checkpoint head() const override { return head_; }

 private:
  class Stage;
  DropDestination(Collector& collector, std::filesystem::path folder);
  Result<void> WriteSealedFile(const store::Pending& pending, const std::filesystem::path& target);
  Collector& collector_;
  std::filesystem::path folder_;
  tlog::Checkpoint head_;  // of no entries: a drop has no log
};

}  // namespace exhibit::intake
