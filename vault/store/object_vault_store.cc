#include "vault/store/object_vault_store.h"

#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/store/names.h"
#include "vault/store/object_medium.h"
#include "vault/store/object_stage.h"
#include "vault/store/placing_anew.h"

namespace exhibit::store {
namespace {

constexpr std::size_t kUploads = 4;

std::string_view TextOfNote(ByteView note) {
  const std::string_view text = TextOf(note);
  return text.substr(0, text.find("\n\n"));
}

}  // namespace

ObjectVaultStore::ObjectVaultStore(std::shared_ptr<ObjectLog> log, Mode mode, std::filesystem::path journal)
    : log_(std::move(log)), reads_(log_->objects()), journal_(std::move(journal)), uploads_(kUploads) {
  if (mode == Mode::kRead) snapshot_ = log_->entries();
}

// --- reading

Result<Bytes> ObjectVaultStore::ReadEntry(tlog::Sequence sequence) const {
  if (sequence.value >= Size().value) return Fail(NotInStore(NameOf(sequence)));
  return log_->ReadEntry(sequence);
}

std::vector<Result<Bytes>> ObjectVaultStore::ReadEntries(tlog::Sequence first, std::size_t count) const {
  std::vector<Result<Bytes>> entries;
  entries.reserve(count);
  for (std::size_t i = 0; i < count; ++i) entries.push_back(ReadEntry({first.value + i}));
  return entries;
}

Result<Bytes> ObjectVaultStore::ReadAct(std::uint64_t subject, tlog::Sequence sequence) const {
  const auto type =
      log_->Look([&](const CommitIndex& index) { return index.FindAct(subject, sequence, SizeIn(index)); });
  if (!type) return Fail(NotInStore(NameOfAct(subject, sequence)));
  return ToBytes(ViewOf(*type));
}

Result<std::vector<custody::ActRow>> ObjectVaultStore::ReadActs(custody::Subjects subjects) const {
  return log_->Look([&](const CommitIndex& index) { return index.ActsOf(subjects, SizeIn(index)); });
}

Result<SealedPlace> ObjectVaultStore::FindPlace(const SealedPlaces::Key& key, const std::string& what) const {
  const tlog::TreeSize acknowledged = log_->acknowledged();
  auto place = log_->Look([&](const CommitIndex& index) { return index.FindPlace(key, SizeIn(index), acknowledged); });
  if (!place) return Fail(NotInStore(what));
  if (IsDestroyed(*place)) return Fail(WasDestroyed(what));
  return std::move(*place);
}

Result<SealedPlace> ObjectVaultStore::FindPlace(tlog::Sequence sequence) const {
  return FindPlace({sequence}, NameOfPlace(sequence));
}

Result<SealedPlace> ObjectVaultStore::FindPlace(tlog::Sequence sequence, tlog::Sequence under) const {
  return FindPlace({sequence, under}, NameOfPlace(sequence, under));
}

std::optional<NamedObject> ObjectVaultStore::FindObject(std::uint64_t id) const {
  {
    const std::lock_guard lock(mutex_);
    const auto staged = staged_.find(id);
    if (staged != staged_.end()) return staged->second;
  }
  return log_->Look([&](const CommitIndex& index) { return index.FindObject(id); });
}

Result<Bytes> ObjectVaultStore::ReadSealed(const SealedPlace& place, ByteRange range) const {
  if (range.offset > place.bytes() || range.bytes > place.bytes() - range.offset) {
    return Fail(ErrorCode::kTampered, "the sealed file ends before");
  }
  Bytes bytes;
  bytes.reserve(static_cast<std::size_t>(range.bytes));
  std::uint64_t at = 0;  // where the extent begins
  for (const Extent& extent : place.extents) {
    const std::uint64_t begin = std::max(at, range.offset);
    const std::uint64_t end = std::min(at + extent.bytes, range.offset + range.bytes);
    if (begin < end) {
      const auto object = FindObject(extent.pack);
      if (!object) return Fail(ErrorCode::kTampered, "the sealed file is in an object that no commit names");
      auto piece = reads_.Read(*object, {extent.offset + begin - at, end - begin});
      // The log says that it is there.
      if (!piece && piece.error().code == ErrorCode::kNotFound) {
        return Fail(ErrorCode::kTampered, Format("{} is gone: {}", KeyOf(*object), piece.error().message),
                    "somebody deleted it, past its lock or after it");
      }
      if (!piece) return Fail(std::move(piece).error());
      exhibit::Append(bytes, *piece);
    }
    at += extent.bytes;
  }
  return bytes;
}

Result<Bytes> ObjectVaultStore::ReadTile(const tlog::TileId& id) const {
  Bytes tile = log_->Look([&](const CommitIndex& index) { return index.TileOf(id, SizeIn(index)); });
  if (tile.empty()) return Fail(NotInStore(NameOfTile(id)));
  return tile;
}

Result<Bytes> ObjectVaultStore::ReadCheckpoint(tlog::TreeSize size) const {
  const auto commit = size > Size() ? std::nullopt : log_->CommitEndingAt(size);
  if (!commit) return Fail(NotInStore(NameOfCheckpoint(size)));
  TRY(auto note, log_->ReadHead(*commit));
  if (!note) return Fail(NotInStore(NameOfCheckpoint(size)));
  return std::move(*note);
}

Result<std::vector<verify::MediumFault>> ObjectVaultStore::CheckMedium() const { return CheckObjects(*log_); }

// --- writing

Result<std::unique_ptr<SealedStage>> ObjectVaultStore::NewStage() {
  if (is_frozen_) return Fail(UnknownOutcome());
  return std::make_unique<ObjectStage>(log_->objects(), uploads_,
                                       [this](const NamedObject& object) { NoteStaged(object); });
}

void ObjectVaultStore::NoteStaged(const NamedObject& object) {
  const std::lock_guard lock(mutex_);
  staged_.emplace(object.id, object);
}

CommitRecord ObjectVaultStore::RecordOf(const AppendBatch& batch, std::vector<CommitRecord::Place> again) const {
  CommitRecord record;
  record.commit = log_->commits();
  record.previous = log_->LastDigest();
  record.first = batch.entries.front().sequence;
  for (const AppendBatch::Entry& entry : batch.entries) record.entry_bytes.push_back(entry.bytes.size());
  record.acts = batch.acts;
  std::ranges::sort(record.acts);
  std::set<std::uint64_t> named;
  const auto place = [&](const SealedPlace& at) {
    for (const Extent& extent : at.extents) named.insert(extent.pack);
  };
  for (const AppendBatch::Sealed& sealed : batch.sealed) {
    place(sealed.place);
    record.places.push_back({sealed.sequence, std::nullopt, sealed.place});
  }
  for (const AppendBatch::Rewrapped& header : batch.rewrapped) {
    place(header.place);
    record.places.push_back({header.sequence, header.under, header.place});
  }
  for (CommitRecord::Place& at : again) {
    place(at.place);
    record.places.push_back(std::move(at));
  }
  for (const std::uint64_t id : named) {
    const auto object = FindObject(id);
    EXHIBIT_ASSERT(object.has_value());  // it was staged and synced
    record.objects.push_back(*object);
  }
  const std::uint64_t known = record.first.value;
  for (const AppendBatch::Tile& tile : batch.tiles) {
    const std::uint64_t first = tile.id.index * tlog::kTileWidth;
    const std::uint64_t before = tlog::HashesAtLevel(known, tile.id.level);
    const std::uint64_t skip = before > first ? before - first : 0;
    if (skip >= tile.id.width) continue;
    const ByteView hashes = tile.bytes.subspan(static_cast<std::size_t>(skip) * tlog::NodeHash::kSize);
    const auto same = std::ranges::find(record.tiles, tile.id.level, &CommitRecord::Hashes::level);
    if (same != record.tiles.end()) {
      exhibit::Append(same->hashes, hashes);
    } else {
      record.tiles.push_back({tile.id.level, first + skip, ToBytes(hashes)});
    }
  }
  std::ranges::sort(record.tiles, {}, &CommitRecord::Hashes::level);
  return record;
}

Result<void> ObjectVaultStore::Append(const AppendBatch& batch) {
  if (is_frozen_) return Fail(UnknownOutcome());
  if (batch.entries.empty()) return {};  // a checkpoint was durable when it was recorded
  TRY_VOID(CheckFollows(batch, Size()));
  TRY(PlacedAnew again, batch.destroyed.empty() ? PlacedAnew() : PlaceAnew(*log_, batch.destroyed));
  for (const NamedObject& object : again.objects) NoteStaged(object);
  const CommitRecord record = RecordOf(batch, std::move(again.rows));
  TRY(const Bytes commit, EncodeCommit(record, batch.entries));
  TRY_VOID(log_->Look([&](const CommitIndex& index) { return index.Check(commit); }));
  // Deleted where no lock holds, it could be written again with other bytes.
  TRY(const bool has_copy, log_->objects().HasCopy(record.commit));
  if (has_copy) {
    TRY_VOID(log_->CatchUp());
    TRY_VOID(CheckFollows(batch, Size()));
  }
  TRY_VOID(journal_.Write(record.commit, commit));
  is_frozen_ = true;  // until it is known how it went
  auto decided = Decide(record.commit, commit);
  if (!decided) return Fail(std::move(decided).error().In("append to the log"));
  auto taken = Take(*decided, record.commit, commit);
  if (!taken) return Fail(std::move(taken).error().In("append to the log"));
  is_frozen_ = false;
  if (*decided == Decided::kOurs) return {};
  TRY_VOID(CheckFollows(batch, Size()));
  return Fail(ErrorCode::kTampered, "another writer's commit came before this one, and added no entry");
}

Result<ObjectVaultStore::Decided> ObjectVaultStore::Decide(std::uint64_t n, ByteView commit) const {
  const VaultObjects& objects = log_->objects();
  const auto begin = std::chrono::steady_clock::now();
  for (auto pause = objects.patience().first_pause;; pause = std::min(2 * pause, objects.patience().longest_pause)) {
    const auto sent = objects.TryCommit(n, commit);
    // Whatever the answer was, what is there counts: some servers say that they did what they did not.
    TRY(const auto there, objects.ReadCommit(n));
    if (there) return Equal(*there, commit) ? Decided::kOurs : Decided::kOthers;
    if (sent) {
      return Fail(ErrorCode::kTampered,
                  Format("{}/{} was created, and is not there", objects.LogName(), KeyOfCommit(n)));
    }
    // It is not there, and may still come. To send other bytes now could bring in both.
    const bool may_change = sent.error().code == ErrorCode::kIo || sent.error().code == ErrorCode::kExists;
    const bool has_time = std::chrono::steady_clock::now() - begin + pause <= objects.patience().in_all;
    if (!may_change || !has_time) return Fail(sent.error());
    if (!objects.Wait(pause)) return Fail(ErrorCode::kInterrupted, "interrupted");
  }
}

Result<void> ObjectVaultStore::Take(Decided decided, std::uint64_t n, ByteView commit) {
  if (decided == Decided::kOurs) {
    TRY_VOID(log_->objects().PutCopy(n, commit));
    copied_.insert(n);
    TRY_VOID(log_->Add(commit));
  } else {
    TRY_VOID(log_->CatchUp());
  }
  return journal_.Drop();
}

Result<void> ObjectVaultStore::EndJournal() {
  TRY(const auto sent, journal_.Read());
  if (!sent) return {};
  const std::string name = Format("commit {}, which an interrupted command sent", sent->commit);
  const std::uint64_t known = log_->commits();
  if (sent->commit > known) {
    return Fail(ErrorCode::kTampered,
                Format("the log of {} has lost its end: {} is after commit {}", log_->objects().Name(), name, known),
                "keep the bucket as it is, and compare with other copies of the vault");
  }
  if (sent->commit < known) return journal_.Drop();  // decided, whoever won
  is_frozen_ = true;
  auto decided = Decide(sent->commit, sent->bytes);
  if (!decided) return Fail(std::move(decided).error().In(name));
  auto taken = Take(*decided, sent->commit, sent->bytes);
  if (!taken) return Fail(std::move(taken).error().In(name));
  is_frozen_ = false;
  return {};
}

// Commits of others that were not copied before they stopped: without a copy nobody would notice that they were deleted.
Result<void> ObjectVaultStore::CopyUpTo(std::uint64_t n) {
  for (std::uint64_t at = n + 1; at-- > all_copied_;) {
    if (copied_.contains(at)) continue;
    TRY(const auto head, at == n ? Result<std::optional<Bytes>>(std::nullopt) : log_->ReadHead(at));
    if (head) break;  // who signed that had copied all up to it
    TRY(const bool has_copy, log_->objects().HasCopy(at));
    if (has_copy) continue;
    TRY(const Bytes commit, log_->ReadCommit(at));
    TRY_VOID(log_->objects().PutCopy(at, commit));
  }
  all_copied_ = n + 1;
  copied_.clear();
  return {};
}

Result<void> ObjectVaultStore::PutCheckpoint(tlog::TreeSize size, ByteView note) {
  const auto commit = log_->CommitEndingAt(size);
  if (!commit) {
    return Fail(ErrorCode::kInvalid, Format("no commit ends with {} entries, so it has no checkpoint", size));
  }
  TRY(const auto known, log_->ReadHead(*commit));
  // Two writers may sign the same head, and a signature of ML-DSA-44 differs each time.
  if (known && TextOfNote(*known) == TextOfNote(note)) {
    log_->NoteAcknowledged(size);
    return {};
  }
  if (known) return Fail(AnotherCheckpoint(size));
  TRY_VOID(CopyUpTo(*commit));
  TRY_VOID(log_->objects().PutHead(*commit, note));
  log_->NoteHead(*commit, note);
  log_->NoteAcknowledged(size);
  return {};
}

Result<SealedPlace> ObjectVaultStore::FindUnreferenced() const { return Fail(NotInStore(kUnreferenced)); }

Result<void> ObjectVaultStore::DropUnreferenced() {
  if (is_frozen_) return Fail(UnknownOutcome());
  return {};
}

// The commit of the entry that says so has done it (placing_anew.h). The bytes go when their locks have ended: whoever may
// delete does that (work/sweep.h), and the account of a writer may not.
Result<void> ObjectVaultStore::DestroySealedFile(tlog::Sequence /*sequence*/) { return {}; }
Result<void> ObjectVaultStore::DestroyHeaders(tlog::Sequence /*sequence*/, tlog::Sequence /*under*/) { return {}; }

}  // namespace exhibit::store
