#include "cli/fields_output.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/field_forms.h"

namespace exhibit::cli {
namespace {

using custody::FieldValue;

bool MayBeShown(std::string_view key) { return key != custody::kPartsSeed; }

// Of an object, its members by name; of an array, its elements.
std::string Joined(const FieldValue::Object& object) {
  std::string text;
  for (const auto& [name, value] : object) {
    if (value.IsNull()) continue;
    text += (text.empty() ? "" : ", ") + Format("{} {}", name, ShownValue(value));
  }
  return text;
}

std::string ShownClaim(const FieldValue& claim) {
  const FieldValue* const algorithm = claim.Find("algorithm");
  const FieldValue* const value = claim.Find("value");
  const FieldValue* const matched = claim.Find("matched");
  if (algorithm == nullptr || value == nullptr || matched == nullptr || matched->Bool() == nullptr) return {};
  return ShownLine("claimed " + ShownValue(*algorithm),
                   ShownValue(*value) + (*matched->Bool() ? "  matched" : "  DIFFERS"));
}

std::string ShownField(const std::string& key, const FieldValue& value) {
  std::string lines;
  if (key == "claimed" && value.AsArray() != nullptr) {
    for (const FieldValue& claim : *value.AsArray()) lines += ShownClaim(claim);
  } else if (key == "times" && value.AsObject() != nullptr) {
    for (const auto& [name, time] : *value.AsObject()) {
      if (!time.IsNull()) lines += ShownLine(name, ShownValue(time));
    }
  }
  return lines.empty() ? ShownLine(key, ShownValue(value)) : lines;
}

}  // namespace

Json JsonOf(const FieldValue& value) {
  if (const std::string* const text = value.Text()) return *text;
  if (const std::int64_t* const number = value.Number()) return *number;
  if (const bool* const is_true = value.Bool()) return *is_true;
  if (const FieldValue::Array* const array = value.AsArray()) {
    Json list = Json::List();
    for (const FieldValue& one : *array) list.push_back(JsonOf(one));
    return list;
  }
  if (const FieldValue::Object* const object = value.AsObject()) {
    Json members = Json::Object();
    for (const auto& [name, one] : *object) members[name] = JsonOf(one);
    return members;
  }
  return Json();
}

Json JsonOf(const custody::FieldList& fields) {
  Json json = Json::Object();
  for (const custody::FieldPlace& place : fields.places()) {
    if (place.line && MayBeShown(place.key.text())) json[place.key.text()] = JsonOf(place.line->value());
  }
  return json;
}

Json JsonOf(const std::vector<custody::FieldList::Item>& fields) {
  Json json = Json::Object();
  for (const auto& [key, value] : fields) {
    if (MayBeShown(key)) json[key] = JsonOf(value);
  }
  return json;
}

std::string ShownValue(const FieldValue& value) {
  if (const auto name = value.NameBytes()) return Printable(TextOf(*name));
  if (const std::int64_t* const number = value.Number()) return Format("{}", *number);
  if (const bool* const is_true = value.Bool()) return *is_true ? "yes" : "no";
  if (value.IsNull()) return "-";
  if (const FieldValue::Object* const object = value.AsObject()) return Joined(*object);
  std::string text;
  if (const FieldValue::Array* const array = value.AsArray()) {
    for (const FieldValue& one : *array) text += (text.empty() ? "" : ", ") + ShownValue(one);
  }
  return text;
}

std::string ShownLine(std::string_view name, std::string_view value) {
  constexpr std::size_t kColumn = 18;
  return std::string(name) + std::string(name.size() < kColumn ? kColumn - name.size() : 1, ' ') + std::string(value) +
         "\n";
}

std::string ShownFields(const custody::FieldList& fields) {
  std::string text;
  for (const custody::FieldPlace& place : fields.places()) {
    if (place.line && MayBeShown(place.key.text())) text += ShownField(place.key.text(), place.line->value());
  }
  return text;
}

}  // namespace exhibit::cli
