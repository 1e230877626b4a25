#include "vault/store/spent_objects.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <unordered_map>

#include "vault/base/format.h"
#include "vault/crypto/random.h"
#include "vault/store/lock_survey.h"
#include "vault/store/names.h"
#include "vault/tlog/sequence_range.h"

namespace exhibit::store {
namespace {

using History = SealedPlaces::History;

void Tidy(std::vector<tlog::Sequence>& entries) {
  std::ranges::sort(entries);
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
}

std::string EntriesIn(const std::vector<tlog::Sequence>& entries) {
  constexpr std::size_t kMost = 20;
  return (entries.size() == 1 ? "entry " : "entries ") + tlog::ListOf(tlog::RangesOf(entries), kMost);
}

// Calls visit(extent) for each stretch of the place up to `bytes`.
template <typename Visit>
void ForFirst(const SealedPlace& place, std::uint64_t bytes, Visit visit) {
  for (const Extent& extent : place.extents) {
    if (bytes == 0) return;
    const std::uint64_t here = std::min(bytes, extent.bytes);
    visit(Extent{extent.pack, extent.offset, here});
    bytes -= here;
  }
}

struct Use {
  bool is_used = false;
  bool was_used = false;
  DestroyedParts holds = {};
};
using Uses = std::unordered_map<std::uint64_t, Use>;

void NoteUse(const CommitIndex& index, const History& history, tlog::TreeSize acknowledged, Uses& uses) {
  const tlog::Sequence at = history.key.sequence;
  for (const Extent& extent : history.now.extents) uses[extent.pack].is_used = true;
  const bool is_destroyed = IsDestroyed(history.now);
  const auto file = history.key.under ? index.places().Find({at}, acknowledged) : std::optional(history.now);
  const bool is_shredded = file && IsDestroyed(*file);
  for (const SealedPlace& before : history.before) {
    for (const Extent& extent : before.extents) uses[extent.pack].was_used = true;
    const bool lost_header = before.header_bytes > 0 && history.now.header_bytes == 0;
    if (!is_destroyed && !lost_header) continue;
    ForFirst(before, is_destroyed ? before.bytes() : before.header_bytes, [&](const Extent& extent) {
      DestroyedParts& holds = uses[extent.pack].holds;
      (is_shredded ? holds.files : holds.headers).push_back(at);
    });
  }
}

}  // namespace

void DestroyedParts::Join(const DestroyedParts& more) {
  files.insert(files.end(), more.files.begin(), more.files.end());
  headers.insert(headers.end(), more.headers.begin(), more.headers.end());
  Tidy(files);
  Tidy(headers);
}

void DestroyedParts::Without(const DestroyedParts& others) {
  const auto remove = [](std::vector<tlog::Sequence>& from, const std::vector<tlog::Sequence>& these) {
    std::erase_if(from, [&](tlog::Sequence at) { return std::ranges::binary_search(these, at); });
  };
  remove(files, others.files);
  remove(headers, others.headers);
}

std::string DestroyedParts::Text() const {
  std::string text;
  if (!files.empty()) text = (files.size() == 1 ? "the sealed file of " : "the sealed files of ") + EntriesIn(files);
  if (!headers.empty()) text += (text.empty() ? "" : " and ") + ("earlier headers of " + EntriesIn(headers));
  return text.empty() ? "what was placed anew" : text;
}

std::unordered_set<std::uint64_t> Spent::Ids() const {
  std::unordered_set<std::uint64_t> ids;
  for (const SpentObject& one : objects) ids.insert(one.object.id);
  return ids;
}

Spent FindSpent(const ObjectLog& log) {
  const tlog::TreeSize acknowledged = log.acknowledged();
  Spent spent;
  log.Look([&](const CommitIndex& index) {
    Uses uses;
    index.places().ForEach(acknowledged, [&](const History& history) { NoteUse(index, history, acknowledged, uses); });
    for (auto& [id, use] : uses) {
      if (!use.was_used || (use.is_used && use.holds.empty())) continue;
      use.holds.Join({});
      (use.is_used ? spent.shared : spent.objects).push_back({*index.FindObject(id), std::move(use.holds)});
    }
    return 0;
  });
  const auto by_name = [](const SpentObject& one) { return std::pair(one.object.kind, one.object.id); };
  std::ranges::sort(spent.objects, {}, by_name);
  std::ranges::sort(spent.shared, {}, by_name);
  return spent;
}

Result<SpentSeen> LookAtSpent(const ObjectLog& log) {
  constexpr std::size_t kMost = 64;
  const Spent spent = FindSpent(log);
  SpentSeen seen{.objects = spent.objects.size()};
  for (const SpentObject& one : spent.objects) seen.holds.Join(one.holds);
  LockSurvey survey(log.objects(), [&](const LockSurvey::Asked&, const auto& lock) -> Result<void> {
    if (!lock && lock.error().code != ErrorCode::kNotFound) return Fail(lock.error());
    ++seen.looked;
    if (!lock) {
      ++seen.gone;
      return {};
    }
    ++seen.there;
    if (!*lock || (*lock)->time <= Now()) ++seen.ended;
    if (*lock) seen.until = std::max((*lock)->time, seen.until.value_or((*lock)->time));
    return {};
  });
  std::vector<SpentObject> chosen;
  std::ranges::sample(spent.objects, std::back_inserter(chosen), kMost, std::mt19937_64(crypto::RandomNumber()));
  for (const SpentObject& one : chosen) {
    TRY_VOID(survey.Add({{KeyOf(one.object), one.object.version}, log.objects().settings().payload_lock_days}));
  }
  TRY_VOID(survey.Finish());
  return seen;
}

namespace {

// A stretch of a sealed file, and where it is now, from the first byte of each.
struct Moved {
  tlog::Sequence entry;
  ByteRange in_object;
  SealedPlace now;
  std::uint64_t at = 0;
};

// What is in the object of a sealed file that had this place, but for a header that is destroyed.
void FindMoved(const History& history, const SealedPlace& before, std::uint64_t id, std::vector<Moved>& moved) {
  const std::uint64_t destroyed = history.now.header_bytes == 0 ? before.header_bytes : 0;
  std::uint64_t at = 0;
  for (const Extent& extent : before.extents) {
    const std::uint64_t skip = std::min(extent.bytes, destroyed > at ? destroyed - at : 0);
    if (extent.pack == id && skip < extent.bytes) {
      moved.push_back(
          {history.key.sequence, {extent.offset + skip, extent.bytes - skip}, history.now, at + skip - destroyed});
    }
    at += extent.bytes;
  }
}

Result<Bytes> ReadPlace(const ObjectLog& log, const SealedPlace& place, ByteRange range) {
  Bytes bytes;
  std::uint64_t at = 0;
  for (const Extent& extent : place.extents) {
    const std::uint64_t begin = std::max(at, range.offset);
    const std::uint64_t end = std::min(at + extent.bytes, range.offset + range.bytes);
    if (begin < end) {
      const auto object = log.Look([&](const CommitIndex& index) { return index.FindObject(extent.pack); });
      EXHIBIT_ASSERT(object.has_value());  // places name what their commits list
      TRY(const Bytes piece, log.objects().ReadRange(*object, {extent.offset + begin - at, end - begin}));
      Append(bytes, piece);
    }
    at += extent.bytes;
  }
  return bytes;
}

}  // namespace

Result<void> CheckPlacedAnew(const ObjectLog& log, const NamedObject& object) {
  const tlog::TreeSize acknowledged = log.acknowledged();
  std::vector<Moved> moved;
  log.Look([&](const CommitIndex& index) {
    index.places().ForEach(acknowledged, [&](const History& history) {
      if (IsDestroyed(history.now)) return;
      for (const SealedPlace& before : history.before) FindMoved(history, before, object.id, moved);
    });
    return 0;
  });
  for (const Moved& one : moved) {
    TRY(const Bytes before, log.objects().ReadRange(object, one.in_object));
    const auto now = ReadPlace(log, one.now, {one.at, one.in_object.bytes});
    if (!now && now.error().code != ErrorCode::kNotFound) return Fail(now.error());
    if (now && Equal(*now, before)) continue;
    return Fail(ErrorCode::kTampered,
                Format("{}: what lay in {} is not the same where the log says that it is now", NameOf(one.entry),
                       KeyOf(object)),
                "`exhibit verify` says what is damaged; keep the bucket as it is, and compare with other copies");
  }
  return {};
}

}  // namespace exhibit::store
