#include "vault/custody/json_fields.h"

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

constexpr JsonLimits kJsonLimits{.levels = 8, .members = 64};  // more than anything of ours has

Failure Wrong(const char* name, std::string_view expected) {
  return Fail(ErrorCode::kInvalid, Format("\"{}\" is not {}", name, expected));
}

}  // namespace

Result<Json> ParseObject(std::string_view text) { return Json::ParseObject(text, kJsonLimits); }

Result<std::string> Fields::Text(const char* name) const {
  const Json* const value = json_.Find(name);
  if (value == nullptr || !value->IsText()) return Wrong(name, "a string");
  return *value->Text();
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
  const Json* const value = json_.Find(name);
  const auto number = value == nullptr ? std::nullopt : value->Unsigned();
  if (!number) return Wrong(name, "a whole number");
  return *number;
}

Result<Fields> Fields::Object(const char* name) const {
  const Json* const value = json_.Find(name);
  if (value == nullptr || !value->IsObject()) return Wrong(name, "an object");
  return Fields(*value);
}

Result<std::vector<std::string>> Fields::Texts(const char* name) const {
  const Json* const value = json_.Find(name);
  if (value == nullptr || !value->IsList()) return Wrong(name, "a list");
  std::vector<std::string> texts;
  for (const Json& element : value->Elements()) {
    if (!element.IsText()) return Wrong(name, "a list of strings");
    texts.push_back(*element.Text());
  }
  return texts;
}

Result<std::vector<Fields>> Fields::Objects(const char* name) const {
  const Json* const value = json_.Find(name);
  if (value == nullptr || !value->IsList()) return Wrong(name, "a list");
  std::vector<Fields> objects;
  for (const Json& element : value->Elements()) {
    if (!element.IsObject()) return Wrong(name, "a list of objects");
    objects.emplace_back(element);
  }
  return objects;
}

Result<void> CheckLine(const char* name, std::string_view text, std::size_t most_bytes) {
  if (!text.empty() && text.size() <= most_bytes && !HasControl(text)) return {};
  return Wrong(name, Format("1 to {} bytes without control characters", most_bytes));
}

}  // namespace exhibit::custody
