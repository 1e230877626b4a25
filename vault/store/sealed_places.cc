#include "vault/store/sealed_places.h"

#include <limits>
#include <set>
#include <utility>

namespace exhibit::store {
namespace {

constexpr tlog::TreeSize kAll{std::numeric_limits<std::uint64_t>::max()};

// The rows of a commit, as they are to be read.
struct Rows {
  std::vector<const CommitRecord::Place*> first;  // of sealed files and headers that are new
  // By item and entry: those that place anew what was there.
  std::map<std::pair<tlog::Sequence, tlog::Sequence>, std::vector<const CommitRecord::Place*>> again;
};

bool IsMadeHeader(const SealedPlace& place) { return place.layout.empty() && place.header_bytes > 0; }

Rows RowsOf(const CommitRecord& record) {
  Rows rows;
  std::set<std::pair<tlog::Sequence, tlog::Sequence>> begun;
  for (const CommitRecord::Place& at : record.places) {
    if (!at.under) {
      rows.first.push_back(&at);
      continue;
    }
    const std::pair key(at.sequence, *at.under);
    const bool is_first = begun.insert(key).second;
    if (is_first && IsMadeHeader(at.place)) {
      rows.first.push_back(&at);
    } else {
      rows.again[key].push_back(&at);
    }
  }
  return rows;
}

// Whether `now` can be what `before` became.
bool MayFollow(const SealedPlace& before, const SealedPlace& now) {
  const bool keeps_header = now.header_bytes == before.header_bytes;
  return (keeps_header || now.header_bytes == 0) && now.payload_bytes == before.payload_bytes &&
         now.hashes_bytes == before.hashes_bytes && now.layout == before.layout;
}

SealedPlace Noted(SealedPlace place, const SealedPlace& before) {
  const bool lost_header = place.header_bytes == 0 && before.header_bytes > 0;
  if (lost_header || before.header == SealedPlace::Header::kDestroyed) place.header = SealedPlace::Header::kDestroyed;
  return place;
}

}  // namespace

std::string_view SealedPlaces::WhyNot(const CommitRecord& record) const {
  const Rows rows = RowsOf(record);
  std::set<Key> seen;
  for (const CommitRecord::Place* const at : rows.first) {
    const Key key{at->sequence, at->under};
    if (first_.contains(key) || !seen.insert(key).second) return "places a sealed file that has a place";
  }
  for (const auto& [key, again] : rows.again) {
    const std::vector<Placed> before = Of(key.first, kAll);
    if (before.empty() || before.front().key.under) return "places a sealed file anew that has no place";
    const bool is_shredded = IsDestroyed(again.front()->place);
    if (again.size() != (is_shredded ? 1 : before.size())) return "places a part of an item anew";
    if (is_shredded) continue;
    for (std::size_t i = 0; i < again.size(); ++i) {
      if (!MayFollow(before[i].place, again[i]->place)) return "places a sealed file anew that is another one";
    }
  }
  return {};
}

void SealedPlaces::Add(const CommitRecord& record) {
  const Rows rows = RowsOf(record);
  for (const auto& [key, again] : rows.again) {
    const std::vector<Placed> before = Of(key.first, kAll);
    const bool is_shredded = IsDestroyed(again.front()->place);
    for (std::size_t i = 0; i < before.size(); ++i) {
      const SealedPlace now = is_shredded ? SealedPlace() : again[i]->place;
      later_[before[i].key].push_back({key.second, Noted(now, before[i].place)});
    }
  }
  for (const CommitRecord::Place* const at : rows.first) first_.emplace(Key{at->sequence, at->under}, at->place);
}

SealedPlaces::History SealedPlaces::HistoryOf(const Key& key, const SealedPlace& first,
                                              tlog::TreeSize acknowledged) const {
  History history{.key = key, .now = first};
  const auto later = later_.find(key);
  if (later == later_.end()) return history;
  for (const Later& one : later->second) {
    if (one.since.value >= acknowledged.value) break;
    history.before.push_back(std::exchange(history.now, one.place));
  }
  return history;
}

std::optional<SealedPlace> SealedPlaces::Find(const Key& key, tlog::TreeSize acknowledged) const {
  const auto found = first_.find(key);
  if (found == first_.end()) return std::nullopt;
  if (later_.empty()) return found->second;
  return HistoryOf(key, found->second, acknowledged).now;
}

std::vector<SealedPlaces::Placed> SealedPlaces::Of(tlog::Sequence sequence, tlog::TreeSize acknowledged) const {
  std::vector<Placed> placed;
  for (auto at = first_.lower_bound({sequence}); at != first_.end() && at->first.sequence == sequence; ++at) {
    placed.push_back({at->first, HistoryOf(at->first, at->second, acknowledged).now});
  }
  return placed;
}

}  // namespace exhibit::store
