// Writes what is new of a verified log into a copy: entries with their sealed files, and signed checkpoints.
//
//   batch   entries up to a checkpoint or up to a bound, with all that they name: staged, synced, read back, appended in one
//           commit, read back
//   show    the newest checkpoint that the batch reaches, then the older ones in their order; then the head beside the store
//
// So a copy that is killed has its checkpoints without a gap but for those right below the newest, which the next run puts.
//
// Every payload is hashed while it passes and compared with the root that its entry names; headers and layout lines likewise;
// entries make the tree whose root each checkpoint signs. What was shredded by a later entry is not there to be copied: from
// such an entry on nothing is shown before the log's end, because a shorter log would seem to have lost it.
//
// Internal to work/replicate.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "vault/tlog/tree.h"
#include "vault/work/later_said.h"
#include "vault/work/replicate.h"

namespace exhibit::work {

class ReplicaWriter {
 public:
  // All outlive it. `keys` sign the checkpoints of `source`. Adds to `done` what was copied.
  ReplicaWriter(const VaultReader& source, const custody::LogKeys& keys, const LaterSaid& said, Replica& replica,
                const ReplicateJob& job, Pool& pool, Replicated& done)
      : source_(source), keys_(keys), said_(said), replica_(replica), job_(job), pool_(pool), done_(done) {}

  // REQUIRES: the copy is not ahead.
  Result<void> Run();

 private:
  struct Checkpoint {
    tlog::TreeSize size;
    Bytes note;
  };
  Result<void> Begin();
  Result<void> FillGapBelow(tlog::TreeSize head);
  Result<void> TakeEntry(tlog::Sequence at);
  Result<void> StageSealed(const custody::SignedEntry& entry);
  Result<void> StageHeaders(const custody::SignedEntry& entry);
  Result<void> TakeCheckpoint(tlog::TreeSize size);
  Result<std::optional<Bytes>> ReadCheckpoint(tlog::TreeSize size) const;
  bool IsFull() const;
  Result<void> Flush();
  Result<void> Put(const Checkpoint& one);
  Result<void> Show();
  Result<void> ShowEnd();

  const VaultReader& source_;
  const custody::LogKeys& keys_;
  const LaterSaid& said_;
  Replica& replica_;
  const ReplicateJob& job_;
  Pool& pool_;
  Replicated& done_;

  tlog::GrowingTree tree_;
  std::unique_ptr<store::SealedStage> stage_;
  std::vector<custody::SignedEntry> entries_;  // of the batch
  std::uint64_t entry_bytes_ = 0;
  std::uint64_t staged_bytes_ = 0;
  store::AppendBatch batch_;           // but its entries and tiles
  std::vector<Checkpoint> not_shown_;  // ascending
  bool waits_for_end_ = false;         // something is missing of which only later entries say why
};

}  // namespace exhibit::work
