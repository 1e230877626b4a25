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
#include <functional>
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
  const tlog::Checkpoint& head() const override { return head_; }

 private:
  class Stage;
  DropDestination(Collector& collector, std::filesystem::path folder);
  Result<void> WriteSealedFile(const store::Pending& pending, const std::filesystem::path& target);
  Collector& collector_;
  std::filesystem::path folder_;
  tlog::Checkpoint head_;  // of no entries: a drop has no log
};

// What became of one item of a drop.
struct TakenIn {
  tlog::Sequence entry;
  custody::CollectedNumber of;
  std::uint64_t payload_bytes = 0;
};

struct TakeInRequest {
  std::filesystem::path drop;
  std::function<void(const TakenIn&)> on_taken;
  std::function<void(const Refused&)> on_refused;
  // Of what is odd and no item: a foreign file, an item that is in the log already, a gap in a series.
  std::function<void(const std::string&)> on_remark;
  const std::atomic<bool>* interrupted = nullptr;
};

struct TakeInOutcome {
  std::optional<tlog::Checkpoint> checkpoint;  // if anything was taken in
  std::uint64_t taken = 0;
  std::uint64_t already = 0;  // in the log before, the same item
  std::uint64_t refused = 0;
};

// Takes each complete item of the drop into the vault, in the order of collectors and numbers, after it was
// checked to the last byte and found signed by one who may collect. Nothing in the drop is changed. What does
// not fit is refused by name, and the rest goes on.
//   kNotFound     there is no such folder
//   kInterrupted  between items; what was taken in stands, and another call goes on
Result<TakeInOutcome> TakeIn(VaultWriter& vault, const TakeInRequest& request);

}  // namespace exhibit::intake
