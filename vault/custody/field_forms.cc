#include "vault/custody/field_forms.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

constexpr std::array<std::string_view, 9> kItemsKeys = {"items",   "items-2", "items-3", "items-4", "items-5",
                                                        "items-6", "items-7", "items-8", "items-9"};
constexpr std::array<std::string_view, 2> kClaimsAndSize = {"claimed", "size"};
constexpr std::array<std::string_view, 4> kDigests = {"sha256", "sha512", "sha1", "md5"};

bool IsText(const FieldValue& value, std::initializer_list<std::string_view> choices) {
  return value.Text() != nullptr && std::ranges::find(choices, *value.Text()) != choices.end();
}
bool IsBool(const FieldValue& value) { return value.Bool() != nullptr; }
bool IsNumber(const FieldValue& value) { return value.Number() != nullptr && *value.Number() >= 0; }

template <std::size_t kDigits>
bool IsHex(const FieldValue& value) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return value.Text() != nullptr && value.Text()->size() == kDigits && std::ranges::all_of(*value.Text(), is_digit);
}

bool IsSize(const FieldValue& value) {
  return IsNumber(value) && static_cast<std::uint64_t>(*value.Number()) <= kMaxOriginalBytes;
}
bool IsName(const FieldValue& value) { return value.NameBytes().has_value(); }
bool IsItems(const FieldValue& value) { return value.Text() != nullptr && ItemSet::Parse(*value.Text()).has_value(); }
bool IsWay(const FieldValue& value) {
  return value.Text() != nullptr && FromWord<AccessWay>(*value.Text()).has_value();
}
bool IsWord(const FieldValue& value) { return value.Text() != nullptr && FieldKey::Parse(*value.Text()).has_value(); }

// An object of these keys in this order and no others, each of its form.
struct Part {
  std::string_view key;
  bool (*fits)(const FieldValue& value);
};
bool HasParts(const FieldValue& value, std::initializer_list<Part> parts) {
  const FieldValue::Object* const object = value.AsObject();
  if (object == nullptr || object->size() != parts.size()) return false;
  return std::equal(parts.begin(), parts.end(), object->begin(), [](const Part& part, const auto& member) {
    return member.first == part.key && part.fits(member.second);
  });
}

bool IsState(const FieldValue& value) {
  return HasParts(value, {{"whole", IsBool},
                          {"changed", IsBool},
                          {"claims",
                           [](const FieldValue& one) {
                             return IsText(one, {"none", "matched", "differ"});
                           }},
                          {"derived", IsBool},
                          {"content", [](const FieldValue& one) {
                             return IsText(one, {"here", "elsewhere"});
                           }}});
}

bool IsParts(const FieldValue& value) {
  return HasParts(value, {{"by",
                           [](const FieldValue& one) {
                             return IsText(one, {"lines", "4096"});
                           }},
                          {"count", [](const FieldValue& one) { return IsNumber(one) && *one.Number() > 0; }},
                          {"root", IsHex<64>}});
}

bool IsCase(const FieldValue& value) {
  if (value.Text() != nullptr) return true;
  const FieldValue::Array* const names = value.AsArray();
  if (names == nullptr || names->size() < 2 || names->size() > 64) return false;
  for (std::size_t i = 0; i < names->size(); ++i) {
    if ((*names)[i].Text() == nullptr || (i > 0 && *(*names)[i - 1].Text() >= *(*names)[i].Text())) return false;
  }
  return true;
}

bool IsRecipients(const FieldValue& value) {
  const FieldValue::Array* const names = value.AsArray();
  const auto is_line = [](const FieldValue& one) {
    return one.Text() != nullptr && !one.Text()->empty() && one.Text()->size() <= kMaxRecipientBytes &&
           !HasControl(*one.Text());
  };
  return names != nullptr && !names->empty() && names->size() <= kMaxRecipients && std::ranges::all_of(*names, is_line);
}

std::vector<FieldForm> MakeTable() {
  std::vector<FieldForm> table;
  for (const std::string_view type : {"item", "omission", "note"}) {
    for (const FieldForm& form : std::initializer_list<FieldForm>{{type, "state", IsState},
                                                                  {type, "sha256", IsHex<64>},
                                                                  {type, "size", IsSize},
                                                                  {type, "sha512", IsHex<128>},
                                                                  {type, "sha1", IsHex<40>},
                                                                  {type, "md5", IsHex<32>},
                                                                  {type, "name", IsName},
                                                                  {type, "path", IsName},
                                                                  {type, "source", IsName},
                                                                  {type, "case", IsCase},
                                                                  {type, "parts", IsParts},
                                                                  {type, kPartsSeed, IsHex<64>}}) {
      table.push_back(form);
    }
  }
  for (const std::string_view type : {"access", "note", "transfer", "receipt"}) {
    for (const std::string_view key : kItemsKeys) table.push_back({type, key, IsItems});
  }
  table.insert(table.end(), {{"access", "act", IsWay},
                             {"access", "recipients", IsRecipients},
                             {"access", "export", IsNumber},
                             {"access", "manifest", IsHex<64>},
                             {"access", "checked", IsBool},
                             {"statement", "act", IsWord}});
  return table;
}

Failure Bad(std::string_view key, std::string_view rule) {
  return Fail(ErrorCode::kInvalid, "field " + std::string(key) + " " + std::string(rule));
}

}  // namespace

const std::vector<FieldForm>& FieldForms() {
  static const std::vector<FieldForm> table = MakeTable();
  return table;
}

Result<void> CheckFieldForms(std::string_view type, const FieldList& fields) {
  for (const FieldForm& form : FieldForms()) {
    if (form.type != type) continue;
    const FieldValue* const value = fields.Find(form.key);
    if (value != nullptr && !form.fits(*value))
      return Bad(form.key, "has another form than one of a " + std::string(type));
  }
  TRY_VOID(ItemsIn(fields));
  return {};
}

Result<std::optional<std::vector<ItemSet::Range>>> ItemsIn(const FieldList& fields) {
  std::vector<ItemSet::Range> ranges;
  for (const std::string_view key : kItemsKeys) {
    if (fields.Withholds(key)) return std::optional<std::vector<ItemSet::Range>>();
    const FieldValue* const value = fields.Find(key);
    if (value == nullptr || value->Text() == nullptr) continue;
    const auto items = ItemSet::Parse(*value->Text());
    if (!items) continue;  // of a type whose row does not say its form
    if (!ranges.empty() && items->ranges().front().first <= ranges.back().last) {
      return Bad(key, "names items that do not come after those before");
    }
    ranges.insert(ranges.end(), items->ranges().begin(), items->ranges().end());
  }
  return ranges.empty() ? std::optional<std::vector<ItemSet::Range>>() : std::optional(std::move(ranges));
}

Result<std::vector<FieldList::Item>> ItemFields(std::vector<tlog::Sequence> items) {
  constexpr std::size_t kRoom = kMaxFieldLineBytes - 64;  // beside salt, key and brackets
  std::ranges::sort(items);
  items.erase(std::unique(items.begin(), items.end()), items.end());
  if (items.empty()) return Fail(ErrorCode::kInvalid, "items: none is named");
  std::vector<FieldList::Item> fields;
  std::string line;
  std::uint64_t in_line = 0;
  const auto end_line = [&]() -> Result<void> {
    if (fields.size() == kItemsKeys.size()) {
      return Fail(ErrorCode::kInvalid, "items: more of them than nine fields hold", "do it in several steps");
    }
    fields.emplace_back(std::string(kItemsKeys[fields.size()]), FieldValue(std::move(line)));
    line.clear();
    in_line = 0;
    return {};
  };
  for (std::size_t i = 0; i < items.size();) {
    std::size_t last = i;
    while (last + 1 < items.size() && items[last + 1].value == items[last].value + 1 &&
           in_line + (last - i) + 1 < ItemSet::kMaxItems)
      ++last;
    std::string range = std::to_string(items[i].value);
    if (last > i) range += Format("-{}", items[last].value);
    if (!line.empty()) line += ",";
    line += range;
    in_line += last - i + 1;
    i = last + 1;
    if (line.size() + 40 > kRoom || in_line >= ItemSet::kMaxItems) TRY_VOID(end_line());
  }
  if (!line.empty()) TRY_VOID(end_line());
  return fields;
}

Result<void> CheckNothingForbidden(const FieldList& fields) {
  return fields.Tells(kPartsSeed) ? Bad(kPartsSeed, "is told, which gives hidden parts away") : Result<void>();
}

std::vector<std::string_view> MustBeTold(Showing showing) {
  switch (showing) {
    case Showing::kOriginal: return {"sha256", "size", "state"};
    case Showing::kParts: return {"parts", "state"};
    case Showing::kExported: return {"act", "export", "manifest", "checked"};
    case Showing::kExport: return {"act"};
    case Showing::kSealedExport: return {"act", "recipients"};
  }
  InternalError("what is shown has no row", __FILE__, __LINE__);
}

Result<void> CheckTold(Showing showing, const FieldList& fields) {
  for (const std::string_view key : MustBeTold(showing)) {
    if (!fields.Tells(key)) return Bad(key, "must be told, and is not");
  }
  return {};
}

std::vector<std::string_view> HiddenWithParts() {
  std::vector<std::string_view> keys(kDigests.begin(), kDigests.end());
  keys.insert(keys.end(), kClaimsAndSize.begin(), kClaimsAndSize.end());
  return keys;
}

Result<void> CheckHiddenWithParts(const FieldList& fields) {
  for (const std::string_view key : HiddenWithParts()) {
    if (fields.Tells(key)) return Bad(key, "is told where a part is hidden, which it gives away");
  }
  return {};
}

}  // namespace exhibit::custody
