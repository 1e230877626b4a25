#include "cli/item_acts.h"

#include <algorithm>
#include <map>

#include "cli/interrupt.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/parallel.h"
#include "vault/custody/field_forms.h"
#include "vault/verify/acts_by_fields.h"

namespace exhibit::cli {
namespace {

Result<bool> NamesItem(const custody::FieldList& fields, tlog::Sequence item) {
  TRY(const auto ranges, custody::ItemsIn(fields));
  return ranges && std::ranges::any_of(*ranges, [&](const custody::ItemSet::Range& range) {
           return range.first <= item.value && item.value <= range.last;
         });
}

using Found = Result<std::optional<ItemAct>>;

Found FindSealedAct(const VaultReader& vault, const custody::State& state, tlog::Sequence at, tlog::Sequence item,
                    const std::optional<VaultKeys>& keys) {
  TRY(auto entry, vault.EntryIfHere(at));
  if (!entry) return std::optional<ItemAct>();
  TRY(auto fields, ReadFieldsIf(vault, state, *entry, keys));
  if (!fields) return std::optional<ItemAct>();
  TRY(const bool is_meant, NamesItem(*fields, item));
  if (!is_meant) return std::optional<ItemAct>();
  return std::optional(ItemAct{std::move(*entry), std::move(fields)});
}

}  // namespace

Result<std::optional<custody::FieldList>> ReadFieldsIf(const VaultReader& vault, const custody::State& state,
                                                       const custody::SignedEntry& entry,
                                                       const std::optional<VaultKeys>& keys) {
  const custody::Entry& parsed = entry.parsed();
  if (!keys || !parsed.sealed || state.facts().shredded->Has(parsed.sequence.value))
    return std::optional<custody::FieldList>();
  auto fields = vault.ReadFields(entry, *keys);
  if (fields) return std::optional(std::move(*fields));
  // A key that does not open it is another matter.
  const ErrorCode code = fields.error().code;
  if (code != ErrorCode::kTampered && code != ErrorCode::kNotFound) return Fail(std::move(fields).error());
  NoteDamaged(parsed.sequence, fields.error());
  return std::optional<custody::FieldList>();
}

Result<std::vector<ItemAct>> ReadItemActs(const VaultReader& vault, const custody::State& state, tlog::Sequence item,
                                          const std::optional<VaultKeys>& keys) {
  std::map<tlog::Sequence, ItemAct> acts;
  const auto take = [&](tlog::Sequence at) -> Result<void> {
    TRY(custody::SignedEntry entry, vault.Entry(at));
    TRY(auto fields, ReadFieldsIf(vault, state, entry, keys));
    acts.emplace(at, ItemAct{std::move(entry), std::move(fields)});
    return {};
  };
  TRY_VOID(take(item));
  if (!acts.begin()->second.entry.parsed().sealed)
    return Fail(ErrorCode::kInvalid, Format("{} is no item: it has no sealed file", NameOf(item)));
  TRY(const std::vector<custody::ActRow> rows, vault.ReadActs({item.value, item.value}));
  for (const custody::ActRow& row : rows) {
    const bool is_of_item = item.value != custody::kStateSubject && row.sequence.value < vault.head().size.value;
    if (is_of_item) TRY_VOID(take(row.sequence));
  }
  if (keys) {
    Pool pool;
    constexpr std::uint64_t kBatch = 1024;
    TRY(auto by_fields, verify::FindActsByFields(vault, vault.head().size, pool, &Interrupted()));
    std::erase_if(by_fields, [&](const custody::ActRow& row) { return row.sequence <= item; });
    const auto find = [&](std::uint64_t i) { return FindSealedAct(vault, state, by_fields[i].sequence, item, keys); };
    const auto keep = [&](std::uint64_t i, Found found) -> Result<void> {
      TRY_VOID(StopIfAsked(&Interrupted()));
      TRY(auto act, std::move(found));
      if (act) acts.emplace(by_fields[i].sequence, std::move(*act));
      return {};
    };
    TRY_VOID(MakeAndTake<Found>(pool, by_fields.size(), kBatch, find, keep));
  }
  std::vector<ItemAct> all;
  for (auto& [at, act] : acts) all.push_back(std::move(act));
  return all;
}

}  // namespace exhibit::cli
