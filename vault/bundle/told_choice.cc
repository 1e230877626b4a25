#include "vault/bundle/told_choice.h"

#include <algorithm>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/person_facts.h"
#include "vault/verify/acts_by_fields.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/read_entry.h"

namespace exhibit::bundle {
namespace {

std::uint64_t PositionOf(const WrittenItem& written) { return written.item.value; }
// Acts whose items are public, and that belong to the items' story.
bool IsOnItems(std::string_view type) { return type == "hold" || type == "release" || type == "shred"; }

}  // namespace

Result<void> ForEachActOn(const verify::Source& source, const std::vector<tlog::Sequence>& items,
                          const std::function<Result<void>(const custody::ActRow&)>& take) {
  constexpr std::size_t kMostAtOnce = 4096;
  for (std::size_t begin = 0; begin < items.size();) {
    std::size_t end = begin + 1;
    while (end < items.size() && end - begin < kMostAtOnce && items[end].value == items[end - 1].value + 1) ++end;
    TRY(const std::vector<custody::ActRow> rows, source.ReadActs({items[begin].value, items[end - 1].value}));
    for (const custody::ActRow& row : rows) {
      if (row.subject != custody::kStateSubject) TRY_VOID(take(row));
    }
    begin = end;
  }
  return {};
}

Result<Chosen> ToldChoice::Run(const ExportActs& acts, const WrittenItems& items) {
  items_ = &items;
  TRY_VOID(TakeLaw());
  TRY_VOID(TakeExport(acts));
  TRY_VOID(TakeActsOnItems());
  if (form_ == Form::kPlain) TRY_VOID(TakeActsBySealedItems());
  return std::move(chosen_);
}

Result<ChosenEntry*> ToldChoice::Take(tlog::Sequence at) {
  const auto found = chosen_.find(at);
  if (found != chosen_.end()) return &found->second;
  TRY(custody::SignedEntry entry, verify::ReadEntryAt(source_, at));
  return &chosen_.emplace(at, ChosenEntry{std::move(entry)}).first->second;
}

// From the last entry `law` leads to every law entry, and to entry 0.
Result<void> ToldChoice::TakeLaw() {
  for (tlog::Sequence at{size_.value - 1};;) {
    TRY_VOID(StopIfAsked(interrupted_));
    TRY(ChosenEntry* const chosen, Take(at));
    const custody::Entry& entry = chosen->entry.parsed();
    if (form_ == Form::kPlain && custody::IsLaw(entry.body)) {
      auto fields = ReadFields(entry);
      if (fields && fields->Tells(custody::kCustodianField))
        chosen->fields = fields->WithOnly({custody::kCustodianField});
    }
    if (at.value == 0) return {};
    if (entry.law >= at)
      return Fail(ErrorCode::kTampered,
                  Format("entry {}: its law is entry {}, which is no earlier one", at, entry.law));
    at = entry.law;
  }
}

Result<void> ToldChoice::TakeExport(const ExportActs& acts) {
  const bool is_plain = form_ == Form::kPlain;
  const auto take = [&](tlog::Sequence at, custody::Showing showing) -> Result<void> {
    if (at.value >= size_.value) return Fail(ErrorCode::kInvalid, Format("entry {} is not in the checkpoint", at));
    TRY(ChosenEntry* const chosen, Take(at));
    const auto fields = ReadFields(chosen->entry.parsed());
    if (!fields) return Fail(ErrorCode::kInvalid, Format("entry {}: its fields cannot be opened", at));
    TRY_VOID(custody::CheckTold(showing, *fields));
    chosen->fields = is_plain ? *fields : fields->WithOnly(custody::MustBeTold(showing));
    return {};
  };
  TRY_VOID(take(acts.begun, is_plain ? custody::Showing::kExport : custody::Showing::kSealedExport));
  return take(acts.exported, custody::Showing::kExported);
}

Result<void> ToldChoice::TakeActsOnItems() {
  std::vector<tlog::Sequence> items;
  for (const WrittenItem& one : *items_) items.push_back(one.item);
  return ForEachActOn(source_, items, [this](const custody::ActRow& row) -> Result<void> {
    TRY_VOID(StopIfAsked(interrupted_));
    return row.sequence.value < size_.value && IsOnItems(row.type) ? TakeIfOfItems(row.sequence) : Result<void>();
  });
}

// An access is told by the exports' own acts alone.
Result<void> ToldChoice::TakeActsBySealedItems() {
  TRY(const auto rows, verify::FindActsByFields(source_, size_, pool_, interrupted_));
  for (const custody::ActRow& row : rows) {
    TRY_VOID(StopIfAsked(interrupted_));
    if (row.type != custody::Access::kForm.type) TRY_VOID(TakeIfOfItems(row.sequence));
  }
  return {};
}

// An act whose items, public or in its fields, are all in the bundle.
Result<void> ToldChoice::TakeIfOfItems(tlog::Sequence at) {
  if (chosen_.contains(at)) return {};
  TRY(custody::SignedEntry entry, verify::ReadEntryAt(source_, at));
  const custody::ItemSet* const named = custody::NamedItemsOf(entry.parsed().body);
  if (named != nullptr && !AreAllHere(named->ranges())) return {};
  auto fields = form_ == Form::kPlain ? ReadFields(entry.parsed()) : std::nullopt;
  if (named == nullptr) {
    const auto items =
        fields ? custody::ItemsIn(*fields) : Result<std::optional<std::vector<custody::ItemSet::Range>>>();
    if (!items || !*items || !AreAllHere(**items)) return {};
  }
  if (fields) fields = fields->Without({custody::kPartsSeed});
  chosen_.emplace(at, ChosenEntry{std::move(entry), std::move(fields)});
  return {};
}

bool ToldChoice::AreAllHere(const std::vector<custody::ItemSet::Range>& items) const {
  return std::ranges::all_of(items, [this](const custody::ItemSet::Range& range) {
    const auto first = std::ranges::lower_bound(*items_, range.first, {}, PositionOf);
    const auto end = std::ranges::upper_bound(*items_, range.last, {}, PositionOf);
    return static_cast<std::uint64_t>(end - first) == range.last - range.first + 1;
  });
}

// Nothing where the keys do not open them.
std::optional<custody::FieldList> ToldChoice::ReadFields(const custody::Entry& entry) const {
  if (!entry.sealed) return std::nullopt;
  auto fields = verify::ReadFields(source_, entry.sequence, *entry.sealed, keys_);
  return fields ? std::optional(std::move(*fields)) : std::nullopt;
}

}  // namespace exhibit::bundle
