#include "vault/work/rescue_writer.h"

#include <algorithm>

#include "vault/base/file.h"
#include "vault/custody/act_index.h"
#include "vault/store/destroyed.h"

namespace exhibit::work {
namespace {

constexpr std::uint64_t kBatchBytes = 64 << 20;
constexpr std::size_t kBatchEntries = 4096;

}  // namespace

SaidOfFiles SaidOfFiles::Of(const rescue::Found& found, const rescue::RescuedLog& log) {
  SaidOfFiles said;
  for (std::size_t at = 0; at < log.entries.size(); ++at) {
    const rescue::FoundEntry* const entry = log.entries[at];
    const bool says =
        entry != nullptr && (entry->type == custody::Shred::kForm.type || entry->type == custody::Reseal::kForm.type ||
                             entry->type == custody::ReaderChange::kForm.type || at == 0);
    if (!says) continue;
    const auto parsed = custody::SignedEntry::Parse(found.Read(entry->piece));
    if (!parsed) continue;
    const custody::EntryBody& body = parsed->parsed().body;
    if (const auto* const genesis = std::get_if<custody::Genesis>(&body)) said.reader_key = genesis->key_file;
    if (const auto* const reader = std::get_if<custody::ReaderChange>(&body)) said.reader_key = reader->key_file;
    if (const auto* const shred = std::get_if<custody::Shred>(&body)) said.shredded.Add(shred->items);
    const auto* const reseal = std::get_if<custody::Reseal>(&body);
    if (reseal == nullptr) continue;
    if (reseal->key_file) said.reader_key = reseal->key_file;
    if (!reseal->destroy) continue;
    for (const tlog::Sequence item : reseal->items->Items()) said.destroyed_under[item.value] = at;
  }
  return said;
}

std::optional<RescueWriter::Taken> RescueWriter::ReadAt(std::size_t position) const {
  const rescue::FoundEntry* const entry = log_.entries[position];
  if (entry == nullptr) return std::nullopt;
  Taken taken{found_.Read(entry->piece), std::nullopt};
  if (tlog::HashLeaf(taken.bytes) != log_.leaves[position]) return std::nullopt;  // the disk gives other bytes now
  auto parsed = custody::SignedEntry::Parse(taken.bytes);
  if (parsed) taken.parsed = std::move(*parsed);
  return taken;
}

Result<void> RescueWriter::StageSealed(const custody::SignedEntry& entry, LostPart& lost) {
  const tlog::Sequence at = entry.parsed().sequence;
  if (!entry.parsed().sealed || said_.shredded.Has(at.value)) return {};
  TRY(rescue::SealedFinder::Staged staged, finder_.Stage(*entry.parsed().sealed, *stage_));
  if (said_.destroyed_under.contains(at.value)) staged.loss.header = rescue::SealedLoss::Part::kKept;
  lost.sealed = std::move(staged.loss);
  staged_bytes_ += lost.sealed.payload_bytes;
  if (staged.place) batch_.sealed.push_back({at, std::move(*staged.place)});
  return {};
}

Result<void> RescueWriter::StageHeaders(const custody::SignedEntry& entry) {
  const auto* const reseal = std::get_if<custody::Reseal>(&entry.parsed().body);
  if (reseal == nullptr || !reseal->items) return {};
  const tlog::Sequence under = entry.parsed().sequence;
  const std::vector<tlog::Sequence> items = reseal->items->Items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint64_t item = items[i].value;
    const auto destroyed = said_.destroyed_under.find(item);
    if (said_.shredded.Has(item) || (destroyed != said_.destroyed_under.end() && destroyed->second > under.value))
      continue;
    TRY(const auto header, finder_.FindHeader(reseal->HeaderAt(i)));
    if (!header) {
      const auto lost =
          lost_.try_emplace(item, LostPart{items[i], log_.leaves[static_cast<std::size_t>(item)], {}}).first;
      if (!lost->second.says) {
        if (auto taken = ReadAt(static_cast<std::size_t>(item))) lost->second.says = std::move(taken->parsed);
      }
      lost->second.headers.push_back(under);
      continue;
    }
    TRY_VOID(stage_->Begin(*header));
    TRY(store::SealedPlace place, stage_->End({}, {}));
    batch_.rewrapped.push_back({items[i], under, std::move(place)});
  }
  return {};
}

Result<bool> RescueWriter::TakeEntry(std::size_t position) {
  const tlog::Sequence at{position};
  const tlog::LeafHash& leaf = log_.leaves[position];
  const bool is_after_head = position >= log_.head.size.value;
  std::optional<Taken> taken = ReadAt(position);
  LostPart lost{at, leaf, {}};
  if (!taken) {
    if (is_after_head) return false;
    entries_.emplace_back(at, Bytes());
    lost_.emplace(position, std::move(lost));
    tree_.Append(leaf);
    return true;
  }
  if (stage_ == nullptr) {
    TRY(stage_, store_.NewStage());
  }
  const std::size_t sealed_before = batch_.sealed.size();
  if (taken->parsed) TRY_VOID(StageSealed(*taken->parsed, lost));
  if (is_after_head && lost.sealed.any()) {
    batch_.sealed.resize(sealed_before);
    return false;
  }
  if (taken->parsed) {
    TRY_VOID(StageHeaders(*taken->parsed));
    std::ranges::move(custody::ActRowsOf(at, taken->parsed->parsed().body), std::back_inserter(batch_.acts));
    store::NoteDestroyed(taken->parsed->parsed(), batch_);
    const bool is_there = taken->parsed->parsed().sealed && !said_.shredded.Has(position);
    if (is_there && !lost.sealed.any()) ++rescued_.sealed;
    rescued_.bytes += lost.sealed.payload_bytes;
  }
  if (lost.sealed.any()) {
    lost.says = std::move(taken->parsed);
    lost_.emplace(position, std::move(lost));
  }
  entries_.emplace_back(at, std::move(taken->bytes));
  tree_.Append(leaf);
  ++rescued_.entries;
  if (is_after_head) ++rescued_.after_head;
  return true;
}

Result<void> RescueWriter::Flush() {
  if (entries_.empty()) return {};
  if (entries_.back().second.empty()) {
    return Fail(ErrorCode::kIo, NameOf(entries_.back().first) + ": it was found, and cannot be read any more",
                std::string(kHintDiskFails));
  }
  if (stage_ != nullptr) TRY_VOID(stage_->Sync());
  for (const auto& [sequence, bytes] : entries_) batch_.entries.push_back({sequence, bytes});
  const std::vector<tlog::GrowingTree::Tile> tiles = tree_.TakeChangedTiles();
  for (const auto& tile : tiles) batch_.tiles.push_back({tile.id, tile.bytes});
  TRY_VOID(store_.Append(batch_));
  stage_.reset();
  staged_bytes_ = 0;
  entries_.clear();
  batch_ = {};
  return {};
}

Result<void> RescueWriter::DestroyHeaders() {
  for (const auto& [item, under] : said_.destroyed_under) {
    if (!said_.shredded.Has(item)) TRY_VOID(store_.DestroyHeaders({item}, {under}));
  }
  return {};
}

Result<void> RescueWriter::Run() {
  for (std::size_t position = 0; position < log_.leaves.size(); ++position) {
    TRY(const bool is_taken, TakeEntry(position));
    if (!is_taken) break;
    // A batch ends with an entry that is here.
    const bool is_large = staged_bytes_ >= kBatchBytes || entries_.size() >= kBatchEntries;
    if (is_large && !entries_.back().second.empty()) TRY_VOID(Flush());
  }
  TRY_VOID(Flush());
  TRY_VOID(DestroyHeaders());
  for (const rescue::CarvedCheckpoint& one : log_.checkpoints) TRY_VOID(store_.PutCheckpoint(one.says.size, one.note));
  // Makes them durable.
  TRY_VOID(store_.Append({}));
  for (auto& [position, lost] : lost_) rescued_.lost.push_back(std::move(lost));
  return {};
}

}  // namespace exhibit::work
