// A drop: a folder of sealed items on their way to a vault, as a collecting machine leaves it.
//
//   <id>-<number>.age         the sealed file: header and payload, as any age tool opens it with the vault's key
//   <id>-<number>.collected   what its collector says of it (custody/collected.h)
//
// <id> are the eight digits of the collector's key, <number> its number. An item is complete once its second
// file is there, which is written last; names that end with ".part" or ".collected.new" are of those that never
// were finished.
// Several collectors may share a drop. Whoever carries it can drop, repeat and damage items, and is found out;
// it tells nobody what is inside.
#pragma once

#include <filesystem>
#include <string>

#include "vault/intake/adder.h"
#include "vault/intake/collector.h"

namespace exhibit::intake {

// Where a collector puts what it seals. Each item is durable when `Commit` returns; the numbers that it gives
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
