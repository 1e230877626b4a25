// The store over an ObjectLog (object_engine.h says how it appends). Internal to the engine.
#pragma once

#include <cstdint>
#include <set>

#include "vault/base/parallel.h"
#include "vault/store/commit_journal.h"
#include "vault/store/object_log.h"
#include "vault/store/object_reads.h"
#include "vault/store/store.h"

namespace exhibit::store {

class ObjectVaultStore final : public Store {
 public:
  enum class Mode : std::uint8_t { kWrite, kRead };
  // `log` is as of now; it is shared with other stores of this process. A reader sees it as it is, for ever.
  ObjectVaultStore(std::shared_ptr<ObjectLog> log, Mode mode, std::filesystem::path journal);

  // Ends what an earlier writer on this machine sent and of which it did not learn. Before anything else is done.
  Result<void> EndJournal();

  Result<Bytes> ReadEntry(tlog::Sequence sequence) const override;
  std::vector<Result<Bytes>> ReadEntries(tlog::Sequence first, std::size_t count) const override;
  Result<Bytes> ReadAct(std::uint64_t subject, tlog::Sequence sequence) const override;
  Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects subjects) const override;
  Result<SealedPlace> FindPlace(tlog::Sequence sequence) const override;
  Result<SealedPlace> FindPlace(tlog::Sequence sequence, tlog::Sequence under) const override;
  Result<Bytes> ReadSealed(const SealedPlace& place, ByteRange range) const override;
  Result<Bytes> ReadTile(const tlog::TileId& id) const override;
  Result<Bytes> ReadCheckpoint(tlog::TreeSize size) const override;
  Result<tlog::TreeSize> CountEntries() const override { return Size(); }
  Result<std::vector<verify::MediumFault>> CheckMedium() const override;

  Result<void> Append(const AppendBatch& batch) override;
  Result<std::unique_ptr<SealedStage>> NewStage() override;
  Result<void> PutCheckpoint(tlog::TreeSize size, ByteView note) override;
  Result<SealedPlace> FindUnreferenced() const override;
  Result<void> DropUnreferenced() override;
  Result<void> DestroySealedFile(tlog::Sequence sequence) override;
  Result<void> DestroyHeaders(tlog::Sequence sequence, tlog::Sequence under) override;

 private:
  enum class Decided : std::uint8_t { kOurs, kOthers };
  // Sends commit n until the log has a commit n. Any error: nobody knows.
  Result<Decided> Decide(std::uint64_t n, ByteView commit) const;
  // What follows from that: the log here has it, or those that came before it.
  Result<void> Take(Decided decided, std::uint64_t n, ByteView commit);
  // `again`: rows that place anew, or destroy.
  CommitRecord RecordOf(const AppendBatch& batch, std::vector<CommitRecord::Place> again) const;
  void NoteStaged(const NamedObject& object);
  Result<void> CopyUpTo(std::uint64_t n);
  Result<SealedPlace> FindPlace(const SealedPlaces::Key& key, const std::string& what) const;
  std::optional<NamedObject> FindObject(std::uint64_t id) const;

  tlog::TreeSize Size() const { return snapshot_ ? *snapshot_ : log_->entries(); }
  tlog::TreeSize SizeIn(const CommitIndex& index) const { return snapshot_ ? *snapshot_ : index.entries(); }

  std::shared_ptr<ObjectLog> log_;  // shared with other stores of this process
  mutable ObjectReads reads_;
  std::optional<tlog::TreeSize> snapshot_;  // of a reader
  CommitJournal journal_;
  bool is_frozen_ = false;
  std::set<std::uint64_t> copied_;               // commits that this store copied to DATA
  std::uint64_t all_copied_ = 0;                 // those before have copies
  mutable std::mutex mutex_;                     // of what follows
  std::map<std::uint64_t, NamedObject> staged_;  // by this store, by id
  Pool uploads_;
};

}  // namespace exhibit::store
