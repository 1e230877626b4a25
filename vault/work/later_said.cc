#include "vault/work/later_said.h"

#include <algorithm>
#include <set>

namespace exhibit::work {
namespace {

constexpr std::uint64_t kSubjectsAtOnce = 1 << 16;

// The reseal entries that name items. Of the log itself only those are noted that change the law.
Result<std::set<tlog::Sequence>> FindReseals(const VaultReader& source) {
  std::set<tlog::Sequence> reseals;
  for (std::uint64_t first = 1; first < source.head().size.value; first += kSubjectsAtOnce) {
    TRY(const auto rows, source.ReadActs({first, first + kSubjectsAtOnce - 1}));
    for (const custody::ActRow& row : rows) {
      if (row.type == custody::Reseal::kForm.type && row.sequence.value < source.head().size.value)
        reseals.insert(row.sequence);
    }
  }
  return reseals;
}

}  // namespace

Result<LaterSaid> LaterSaid::Read(const VaultReader& source, const custody::State& state) {
  LaterSaid said;
  said.shredded_ = *state.facts().shredded;
  TRY(const std::set<tlog::Sequence> reseals, FindReseals(source));
  for (const tlog::Sequence at : reseals) {
    TRY(const custody::SignedEntry entry, source.Entry(at));
    const auto* const reseal = std::get_if<custody::Reseal>(&entry.parsed().body);
    if (reseal == nullptr || !reseal->items) continue;
    for (const tlog::Sequence item : reseal->items->Items()) {
      said.made_anew_.emplace_back(item, at);
      if (reseal->destroy) said.destroyed_under_[item] = at;
    }
  }
  return said;
}

std::vector<std::pair<tlog::Sequence, verify::Rewrapped>> LaterSaid::KeptOf(const custody::Reseal& reseal,
                                                                            tlog::Sequence under) const {
  auto made = verify::RewrappedBy(reseal, under);
  std::erase_if(made, [&](const auto& one) { return IsDestroyed(one.first, under); });
  return made;
}

bool LaterSaid::IsDestroyed(tlog::Sequence item, tlog::Sequence under) const {
  const auto destroyed = destroyed_under_.find(item);
  return IsShredded(item) || (destroyed != destroyed_under_.end() && destroyed->second > under);
}

std::vector<std::pair<tlog::Sequence, tlog::Sequence>> LaterSaid::DestroyedHeaders() const {
  auto destroyed = made_anew_;
  std::erase_if(destroyed, [&](const auto& one) { return !IsDestroyed(one.first, one.second); });
  return destroyed;
}

bool LaterSaid::IsWhole(const custody::SignedEntry& entry) const {
  const tlog::Sequence at = entry.parsed().sequence;
  if (entry.parsed().sealed && (IsShredded(at) || OwnHeaderIsDestroyed(at))) return false;
  const auto* const reseal = std::get_if<custody::Reseal>(&entry.parsed().body);
  return reseal == nullptr || KeptOf(*reseal, at).size() == verify::RewrappedBy(*reseal, at).size();
}

}  // namespace exhibit::work
