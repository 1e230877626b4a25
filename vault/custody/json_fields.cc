#include "vault/custody/json_fields.h"

#include "vault/base/json_shape.h"
#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

constexpr JsonLimits kJsonLimits{.levels = 8, .members = 64};  // more than anything of ours has

Failure Wrong(const char* name, std::string_view expected) {
  return Fail(ErrorCode::kInvalid, "\"" + std::string(name) + "\" is not " + std::string(expected));
}

}  // namespace

std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Result<Json> ParseObject(std::string_view text) {
  TRY_VOID(CheckJsonShape(text, kJsonLimits));
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object()) return Fail(ErrorCode::kInvalid, "not a JSON object");
  return json;
}

const Json* Fields::Find(const char* name) const {
  const auto found = json_.find(name);
  return found == json_.end() ? nullptr : &*found;
}

Result<std::string> Fields::Text(const char* name) const {
  const Json* const value = Find(name);
  if (value == nullptr || !value->is_string()) return Wrong(name, "a string");
  return value->get<std::string>();
}

Result<std::string> Fields::Line(const char* name, std::size_t most_bytes) const {
  TRY(std::string text, Text(name));
  TRY_VOID(CheckLine(name, text, most_bytes));
  return text;
}

Result<std::optional<std::string>> Fields::OptionalLine(const char* name, std::size_t most_bytes) const {
  if (!Has(name)) return std::optional<std::string>();
  TRY(std::string text, Line(name, most_bytes));
  return std::optional(std::move(text));
}

Result<std::uint64_t> Fields::Number(const char* name) const {
  const Json* const value = Find(name);
  if (value == nullptr || !value->is_number_unsigned()) return Wrong(name, "a whole number");
  return value->get<std::uint64_t>();
}

Result<Fields> Fields::Object(const char* name) const {
  const Json* const value = Find(name);
  if (value == nullptr || !value->is_object()) return Wrong(name, "an object");
  return Fields(*value);
}

Result<std::vector<std::string>> Fields::Texts(const char* name) const {
  const Json* const value = Find(name);
  if (value == nullptr || !value->is_array()) return Wrong(name, "a list");
  std::vector<std::string> texts;
  for (const Json& element : *value) {
    if (!element.is_string()) return Wrong(name, "a list of strings");
    texts.push_back(element.get<std::string>());
  }
  return texts;
}

Result<std::vector<Fields>> Fields::Objects(const char* name) const {
  const Json* const value = Find(name);
  if (value == nullptr || !value->is_array()) return Wrong(name, "a list");
  std::vector<Fields> objects;
  for (const Json& element : *value) {
    if (!element.is_object()) return Wrong(name, "a list of objects");
    objects.emplace_back(element);
  }
  return objects;
}

Result<void> CheckLine(const char* name, std::string_view text, std::size_t most_bytes) {
  if (!text.empty() && text.size() <= most_bytes && !HasControl(text)) return {};
  return Wrong(name, "1 to " + std::to_string(most_bytes) + " bytes without control characters");
}

}  // namespace exhibit::custody
