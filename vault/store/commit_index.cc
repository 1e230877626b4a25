#include "vault/store/commit_index.h"

#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/format.h"

namespace exhibit::store {
namespace {

constexpr std::uint64_t kMostCommits = ~std::uint32_t{0};
constexpr std::size_t kHashBytes = tlog::NodeHash::kSize;

Failure DoesNotFit(std::uint64_t commit, std::string_view why) {
  return Fail(ErrorCode::kTampered, Format("commit {}: {}", commit, why),
              "somebody changed what is in the bucket of the log; keep it as it is, and compare with other copies");
}

}  // namespace

Result<void> CommitIndex::CheckBelongs(const CommitRecord& record) const {
  const std::uint64_t n = commits();
  if (record.commit != n) return DoesNotFit(n, Format("says that it is commit {}", record.commit));
  if (record.previous != LastDigest()) return DoesNotFit(n, "does not follow the commit before it");
  if (record.first.value != entries_.size()) {
    return DoesNotFit(n, Format("begins with entry {}, and {} entries are before it", record.first, entries_.size()));
  }
  for (const NamedObject& object : record.objects) {
    const auto known = objects_.find(object.id);
    if (known != objects_.end() && known->second != object) {
      return DoesNotFit(n, KeyOf(object) + " is another object than an earlier commit says");
    }
  }
  const std::string_view why_not = places_.WhyNot(record);
  return why_not.empty() ? Result<void>() : DoesNotFit(n, why_not);
}

Result<ParsedCommit> CommitIndex::Parse(ByteView commit) const {
  const std::uint64_t n = commits();
  if (n == kMostCommits) return Fail(ErrorCode::kUnsupported, "the log has more commits than this program can number");
  auto parsed = ParseCommit(commit);
  if (!parsed && parsed.error().code == ErrorCode::kUnsupported) return parsed;
  if (!parsed) return DoesNotFit(n, parsed.error().message);
  TRY_VOID(CheckBelongs(parsed->record));
  return parsed;
}

Result<void> CommitIndex::Check(ByteView commit) const {
  TRY_VOID(Parse(commit));
  return {};
}

Result<void> CommitIndex::Add(ByteView commit) {
  const std::uint64_t n = commits();
  TRY(const ParsedCommit parsed, Parse(commit));
  const CommitRecord& record = parsed.record;
  std::uint64_t offset = parsed.entries_at;
  for (const std::uint64_t bytes : record.entry_bytes) {
    entries_.push_back(
        {static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(bytes)});
    offset += bytes;
  }
  for (const custody::ActRow& row : record.acts) acts_.emplace(std::pair(row.subject, row.sequence.value), row.type);
  for (const NamedObject& object : record.objects) objects_.emplace(object.id, object);
  places_.Add(record);
  for (const CommitRecord::Hashes& hashes : record.tiles) exhibit::Append(hashes_[hashes.level], hashes.hashes);
  commits_.push_back({crypto::Sha256(commit), record.end()});
  return {};
}

std::optional<std::uint64_t> CommitIndex::CommitEndingAt(tlog::TreeSize size) const {
  const auto found = std::ranges::lower_bound(commits_, size.value, {}, &Known::end);
  if (found == commits_.end() || found->end != size.value) return std::nullopt;
  return static_cast<std::uint64_t>(found - commits_.begin());
}

std::optional<CommitIndex::EntryAt> CommitIndex::FindEntry(tlog::Sequence sequence) const {
  if (sequence.value >= entries_.size()) return std::nullopt;
  const Stretch& at = entries_[static_cast<std::size_t>(sequence.value)];
  return EntryAt{at.commit, {at.offset, at.bytes}};
}

std::optional<std::string> CommitIndex::FindAct(std::uint64_t subject, tlog::Sequence sequence,
                                                tlog::TreeSize size) const {
  const auto found = acts_.find({subject, sequence.value});
  if (found == acts_.end() || sequence.value >= size.value) return std::nullopt;
  return found->second;
}

std::vector<custody::ActRow> CommitIndex::ActsOf(custody::Subjects subjects, tlog::TreeSize size) const {
  std::vector<custody::ActRow> rows;
  for (auto row = acts_.lower_bound({subjects.first, 0}); row != acts_.end() && row->first.first <= subjects.last;
       ++row) {
    if (row->first.second < size.value) rows.push_back({row->first.first, {row->first.second}, row->second});
  }
  return rows;
}

std::optional<SealedPlace> CommitIndex::FindPlace(const SealedPlaces::Key& key, tlog::TreeSize size,
                                                  tlog::TreeSize acknowledged) const {
  if (key.under.value_or(key.sequence).value >= size.value) return std::nullopt;
  return places_.Find(key, acknowledged);
}

Bytes CommitIndex::TileOf(const tlog::TileId& id, tlog::TreeSize size) const {
  const auto level = hashes_.find(id.level);
  const std::uint64_t known = tlog::HashesAtLevel(size.value, id.level);
  if (level == hashes_.end() || id.index > known / tlog::kTileWidth) return {};
  const std::uint64_t first = id.index * tlog::kTileWidth;
  const std::uint64_t width = std::min<std::uint64_t>(tlog::kTileWidth, known - first);
  return ToBytes(
      ByteView(level->second)
          .subspan(static_cast<std::size_t>(first) * kHashBytes, static_cast<std::size_t>(width) * kHashBytes));
}

std::optional<NamedObject> CommitIndex::FindObject(std::uint64_t id) const {
  const auto found = objects_.find(id);
  if (found == objects_.end()) return std::nullopt;
  return found->second;
}

}  // namespace exhibit::store
