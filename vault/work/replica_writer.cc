#include "vault/work/replica_writer.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/custody/act_index.h"
#include "vault/store/destroyed.h"
#include "vault/store/names.h"
#include "vault/store/read_back.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/read_entry.h"
#include "vault/verify/sealed_check.h"

namespace exhibit::work {
namespace {

using tlog::NameOf;

constexpr std::uint64_t kBatchStagedBytes = 64 << 20;
constexpr std::uint64_t kBatchEntryBytes = 16 << 20;
constexpr std::size_t kBatchEntries = 4096;

constexpr std::string_view kMissing =
    "if it was shredded just now, run this again; else `exhibit verify` says what is damaged, and `exhibit "
    "rescue` makes a vault of what is left";

Failure NotWhatWasSigned(tlog::Sequence at, ErrorCode code, std::string_view what) {
  const bool is_unread = verify::IsUnread(code);
  return Fail(is_unread ? code : ErrorCode::kTampered, Format("{}: {}", NameOf(at), what),
              is_unread ? std::string() : std::string(kMissing));
}

}  // namespace

Result<void> ReplicaWriter::Run() {
  TRY_VOID(Begin());
  const std::uint64_t end = source_.head().size.value;
  for (std::uint64_t at = tree_.size().value; at < end; ++at) {
    TRY_VOID(StopIfAsked(job_.interrupted));
    TRY_VOID(TakeEntry({at}));
    TRY_VOID(TakeCheckpoint({at + 1}));
    if (job_.progress != nullptr) job_.progress->entries = at + 1;
    if (!IsFull() && at + 1 < end) continue;
    TRY_VOID(Flush());
    if (!waits_for_end_) TRY_VOID(Show());
  }
  return ShowEnd();
}

// What is there already is not read again, but for what was not shown yet.
Result<void> ReplicaWriter::Begin() {
  const Replica::Holds& before = replica_.before();
  if (job_.progress != nullptr) job_.progress->entries_total = source_.head().size.value;
  if (before.entries.value == 0) return {};
  TRY(tree_, tlog::GrowingTree::Open(before.entries, replica_.store()));
  TRY(const tlog::GrowingTree expected, tlog::GrowingTree::Open(before.entries, source_));
  if (tree_.Root() != expected.Root()) {
    return Fail(ErrorCode::kTampered, replica_.name() + " has another tree than its entries make",
                std::string(store::kHintRestoreStore));
  }
  const tlog::TreeSize head = before.head ? before.head->says.size : tlog::TreeSize{0};
  TRY_VOID(FillGapBelow(head));
  for (std::uint64_t at = head.value; at < before.entries.value; ++at) {
    TRY(const custody::SignedEntry entry, verify::ReadEntryAt(source_, {at}));
    if (!said_.IsWhole(entry)) waits_for_end_ = true;
    TRY(auto note, ReadCheckpoint({at + 1}));
    if (note) not_shown_.push_back({{at + 1}, std::move(*note)});
  }
  return {};
}

// The newest is put before the older ones: those may be missing that are right below it. They are put in their order, before
// anything is shown that is newer, so that what is missing after another kill is right below the newest again.
Result<void> ReplicaWriter::FillGapBelow(tlog::TreeSize head) {
  std::vector<Checkpoint> missing;
  for (std::uint64_t size = head.value; size-- > 1;) {
    TRY(auto note, ReadCheckpoint({size}));
    if (!note) continue;
    const auto there = replica_.store().ReadCheckpoint({size});
    if (there) break;
    if (there.error().code != ErrorCode::kNotFound) return Fail(there.error());
    missing.push_back({{size}, std::move(*note)});
  }
  if (missing.empty()) return {};
  std::ranges::reverse(missing);
  for (const Checkpoint& one : missing) TRY_VOID(Put(one));
  return replica_.store().Append({});  // makes them durable
}

Result<std::optional<Bytes>> ReplicaWriter::ReadCheckpoint(tlog::TreeSize size) const {
  // The newest record of a vault is not synced when it is acknowledged.
  if (size == source_.head().size) return ToBytes(source_.head_note());
  auto note = source_.ReadCheckpoint(size);
  if (!note && note.error().code == ErrorCode::kNotFound) return std::optional<Bytes>();
  if (!note) return Fail(std::move(note).error());
  const auto opened = keys_.Open(*note);
  if (!opened) return Fail(Error(opened.error()).In(store::NameOfCheckpoint(size)));
  return std::optional(std::move(*note));
}

Result<void> ReplicaWriter::TakeCheckpoint(tlog::TreeSize size) {
  TRY(auto note, ReadCheckpoint(size));
  if (!note) return {};
  TRY(const custody::LogKeys::Head opened, keys_.Open(*note));
  if (opened.checkpoint.size != size || opened.checkpoint.root != tree_.Root()) {
    return Fail(ErrorCode::kTampered, store::NameOfCheckpoint(size) + " is not of the entries before it");
  }
  not_shown_.push_back({size, std::move(*note)});
  return {};
}

Result<void> ReplicaWriter::TakeEntry(tlog::Sequence at) {
  TRY(custody::SignedEntry entry, verify::ReadEntryAt(source_, at));
  if (stage_ == nullptr) {
    TRY(stage_, replica_.store().NewStage());
  }
  TRY_VOID(StageSealed(entry));
  TRY_VOID(StageHeaders(entry));
  if (!said_.IsWhole(entry)) waits_for_end_ = true;
  std::ranges::move(custody::ActRowsOf(at, entry.parsed().body), std::back_inserter(batch_.acts));
  store::NoteDestroyed(entry.parsed(), batch_);
  tree_.Append(entry.leaf());
  entry_bytes_ += entry.bytes().size();
  entries_.push_back(std::move(entry));
  return {};
}

Result<void> ReplicaWriter::StageSealed(const custody::SignedEntry& entry) {
  const tlog::Sequence at = entry.parsed().sequence;
  if (!entry.parsed().sealed || said_.IsShredded(at)) return {};
  const custody::SealedFile& file = *entry.parsed().sealed;
  using OwnHeader = verify::SealedEntry::OwnHeader;
  const OwnHeader own = said_.OwnHeaderIsDestroyed(at) ? OwnHeader::kMayBeMissing : OwnHeader::kMustBeThere;
  Bytes header;
  if (own == OwnHeader::kMustBeThere) {
    auto read = source_.ReadHeader(at);
    if (!read) return NotWhatWasSigned(at, read.error().code, read.error().message);
    header = std::move(*read);
    if (custody::DigestOf<custody::HeaderDigest>(header) != file.header) {
      return NotWhatWasSigned(at, ErrorCode::kTampered, "the age header is not the one that the entry names");
    }
  }
  TRY_VOID(stage_->Begin(header));
  std::vector<tlog::LeafHash> hashes;
  verify::Options options;
  options.interrupted = job_.interrupted;
  TRY(const verify::SealedOutcome outcome,
      verify::CheckAndTakeSealed(source_, options, {at, file, {}, custody::FormOf(entry.parsed().body).type, own},
                                 &pool_, [&](ByteView block) -> Result<void> {
                                   TRY_VOID(StopIfAsked(job_.interrupted));
                                   hashes.push_back(tlog::HashLeaf(block));
                                   return stage_->Put(block);
                                 }));
  TRY_VOID(StopIfAsked(job_.interrupted));  // then not all of it passed
  if (!outcome.findings.empty()) {
    const verify::Finding& first = outcome.findings.front();
    return NotWhatWasSigned(at, first.because, first.message);
  }
  TRY(const seal::PayloadLayout layout, verify::ReadLayoutOf(source_, at, file));
  TRY(store::SealedPlace place, stage_->End(hashes, layout.Line()));
  staged_bytes_ += place.bytes();
  batch_.sealed.push_back({at, std::move(place)});
  ++done_.sealed_files;
  done_.payload_bytes += outcome.payload_bytes;
  return {};
}

Result<void> ReplicaWriter::StageHeaders(const custody::SignedEntry& entry) {
  const auto* const reseal = std::get_if<custody::Reseal>(&entry.parsed().body);
  if (reseal == nullptr) return {};
  const tlog::Sequence under = entry.parsed().sequence;
  for (const auto& [item, made] : said_.KeptOf(*reseal, under)) {
    auto header = source_.ReadRewrapped(item, under);
    if (!header) return NotWhatWasSigned(item, header.error().code, header.error().message);
    if (custody::DigestOf<custody::HeaderDigest>(*header) != made.digest) {
      return NotWhatWasSigned(item, ErrorCode::kTampered,
                              Format("the header made anew under entry {} is not the one that it names", under));
    }
    TRY_VOID(stage_->Begin(*header));
    TRY(store::SealedPlace place, stage_->End({}, {}));
    staged_bytes_ += place.bytes();
    batch_.rewrapped.push_back({item, under, std::move(place)});
  }
  return {};
}

bool ReplicaWriter::IsFull() const {
  const bool has_checkpoint = !not_shown_.empty() && not_shown_.back().size == tree_.size();
  return staged_bytes_ >= kBatchStagedBytes || entry_bytes_ >= kBatchEntryBytes || entries_.size() >= kBatchEntries ||
         (has_checkpoint && replica_.CheckpointsEndBatches());
}

Result<void> ReplicaWriter::Flush() {
  if (entries_.empty()) return {};
  TRY_VOID(stage_->Sync(&pool_));
  for (const custody::SignedEntry& entry : entries_) batch_.entries.push_back({entry.parsed().sequence, entry.bytes()});
  const std::vector<tlog::GrowingTree::Tile> tiles = tree_.TakeChangedTiles();
  for (const auto& tile : tiles) batch_.tiles.push_back({tile.id, tile.bytes});
  store::Store& store = replica_.store();
  auto appended = store.Append(batch_);
  if (!appended && appended.error().code == ErrorCode::kExists) {
    return Fail(ErrorCode::kBusy, Format("another process writes to {}: {}", replica_.name(), appended.error().message),
                "run this again, which compares what is there, and goes on");
  }
  if (!appended) return appended;
  TRY_VOID(store::CompareAppended(store, batch_));
  done_.entries += entries_.size();
  stage_.reset();
  entries_.clear();
  batch_ = {};
  staged_bytes_ = 0;
  entry_bytes_ = 0;
  return {};
}

Result<void> ReplicaWriter::Put(const Checkpoint& one) {
  store::Store& store = replica_.store();
  TRY_VOID(store.PutCheckpoint(one.size, one.note));
  TRY_VOID(store::CompareStored(store.ReadCheckpoint(one.size), one.note, store::NameOfCheckpoint(one.size)));
  ++done_.checkpoints;
  return {};
}

Result<void> ReplicaWriter::Show() {
  if (not_shown_.empty()) return {};
  TRY_VOID(Put(not_shown_.back()));
  for (std::size_t i = 0; i + 1 < not_shown_.size(); ++i) TRY_VOID(Put(not_shown_[i]));
  TRY_VOID(replica_.store().Append({}));  // makes them durable
  TRY_VOID(store::HeadFile(replica_.paths().head).Replace(not_shown_.back().note));
  not_shown_.clear();
  return {};
}

// A kill leaves the head beside the store older than what is in it.
Result<void> ReplicaWriter::ShowEnd() {
  TRY_VOID(Show());
  const store::HeadFile head(replica_.paths().head);
  TRY(const auto shown, head.Read());
  if (shown && Equal(*shown, source_.head_note())) return {};
  return head.Replace(source_.head_note());
}

}  // namespace exhibit::work
