#include "vault/base/json.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "vault/base/text.h"

namespace exhibit {
namespace {

void AddQuoted(std::string& to, std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  to += '"';
  for (const char c : text) {
    switch (c) {
      case '"': to += "\\\""; break;
      case '\\': to += "\\\\"; break;
      case '\b': to += "\\b"; break;
      case '\f': to += "\\f"; break;
      case '\n': to += "\\n"; break;
      case '\r': to += "\\r"; break;
      case '\t': to += "\\t"; break;
      default:
        if (const auto byte = static_cast<unsigned char>(c); byte < 0x20) {
          to += "\\u00";
          to += kDigits[byte >> 4];
          to += kDigits[byte & 15];
        } else {
          to += c;
        }
    }
  }
  to += '"';
}

void AddText(std::string& to, const std::string& text) {
  if (IsUtf8(text)) {
    AddQuoted(to, text);
  } else {
    AddQuoted(to, ReplaceInvalidUtf8(text));
  }
}

// What stands in front of a member or element: nothing on one line.
void AddBreak(std::string& to, int indentation, int level) {
  if (indentation < 0) return;
  to += '\n';
  to.append(static_cast<std::size_t>(indentation) * static_cast<std::size_t>(level), ' ');
}

// Writes what is between the brackets. `write` writes one of `parts`, a level deeper.
template <typename Parts, typename Write>
void AddAll(std::string& to, std::string_view brackets, const Parts& parts, int indentation, int level, Write write) {
  to += brackets[0];
  bool is_first = true;
  for (const auto& part : parts) {
    if (!is_first) to += ',';
    is_first = false;
    AddBreak(to, indentation, level + 1);
    write(part);
  }
  if (!is_first) AddBreak(to, indentation, level);
  to += brackets[1];
}

}  // namespace

// Takes the parser's events and builds the value. A pointer to an open object or list stays good: nothing is added to the
// one around it before it is closed.
class JsonBuilder {
 public:
  using number_integer_t = std::int64_t;
  using number_unsigned_t = std::uint64_t;
  using number_float_t = double;
  using string_t = std::string;
  using binary_t = nlohmann::json::binary_t;

  bool null() { return Put({}) != nullptr; }
  bool boolean(bool value) { return Put(value) != nullptr; }
  bool number_integer(std::int64_t value) {
    Json number;
    number.value_ = value;  // "-0" too: it is no unsigned number
    return Put(std::move(number)) != nullptr;
  }
  bool number_unsigned(std::uint64_t value) { return Put(value) != nullptr; }
  bool number_float(double, const std::string& text) {
    Json number;
    number.value_ = Json::Decimal{text};
    return Put(std::move(number)) != nullptr;
  }
  bool string(std::string& value) { return Put(std::move(value)) != nullptr; }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return Open(Json::Object()); }
  bool start_array(std::size_t) { return Open(Json::List()); }
  bool key(std::string& name) {
    name_ = std::move(name);
    return true;
  }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) { return false; }

  Json Take() { return std::move(whole_); }

 private:
  Json* Put(Json value) {
    if (open_.empty()) {
      whole_ = std::move(value);
      return &whole_;
    }
    Json& around = *open_.back();
    if (around.IsList()) {
      around.push_back(std::move(value));
      return &around.back();
    }
    Json& member = around[name_];
    member = std::move(value);
    return &member;
  }
  bool Open(Json empty) {
    open_.push_back(Put(std::move(empty)));
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  Json whole_;
  std::vector<Json*> open_;
  std::string name_;
};

Json::Json() = default;
Json::Json(const Json&) = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(const Json&) = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

Json::Json(std::string text) : value_(std::move(text)) {}
Json::Json(std::string_view text) : value_(std::string(text)) {}
Json::Json(const char* text) : value_(std::string(text)) {}
Json::Json(const std::vector<std::string>& texts) : value_(std::vector<Json>(texts.begin(), texts.end())) {}

Json::Json(std::initializer_list<Part> parts) {
  const auto is_member = [](const Part& part) {
    const std::vector<Json>& pair = part.value.Elements();
    return pair.size() == 2 && pair[0].IsText();
  };
  if (!std::ranges::all_of(parts, is_member)) {
    *this = List(parts);
    return;
  }
  std::vector<Member> members;
  members.reserve(parts.size());
  for (const Part& part : parts) {
    auto& pair = std::get<std::vector<Json>>(part.value.value_);
    members.push_back({std::move(std::get<std::string>(pair[0].value_)), std::move(pair[1])});
  }
  value_ = std::move(members);
}

Json Json::List() { return List({}); }

Json Json::List(std::initializer_list<Part> elements) {
  std::vector<Json> list;
  list.reserve(elements.size());
  for (const Part& element : elements) list.push_back(std::move(element.value));
  Json json;
  json.value_ = std::move(list);
  return json;
}

Json Json::Object() {
  Json json;
  json.value_ = std::vector<Member>();
  return json;
}

void Json::SetBool(bool value) { value_ = value; }
void Json::SetUnsigned(std::uint64_t number) { value_ = number; }

void Json::SetSigned(std::int64_t number) {
  if (number < 0) {
    value_ = number;
  } else {
    value_ = static_cast<std::uint64_t>(number);
  }
}

bool Json::IsTrue() const {
  const bool* const value = std::get_if<bool>(&value_);
  return value != nullptr && *value;
}

std::optional<std::uint64_t> Json::Unsigned() const {
  const std::uint64_t* const number = std::get_if<std::uint64_t>(&value_);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

std::optional<std::int64_t> Json::Signed() const {
  if (const auto number = Unsigned()) {
    const bool fits = *number <= std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    return fits ? std::optional(static_cast<std::int64_t>(*number)) : std::nullopt;
  }
  const std::int64_t* const number = std::get_if<std::int64_t>(&value_);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

const std::vector<Json>& Json::Elements() const {
  static const std::vector<Json> kNone;
  return IsList() ? std::get<std::vector<Json>>(value_) : kNone;
}

const std::vector<Json::Member>& Json::Members() const {
  static const std::vector<Member> kNone;
  return IsObject() ? std::get<std::vector<Member>>(value_) : kNone;
}

const Json* Json::Find(std::string_view name) const {
  const auto found = std::ranges::find(Members(), name, &Member::name);
  return found == Members().end() ? nullptr : &found->value;
}

Json& Json::operator[](std::string_view name) {
  if (std::holds_alternative<std::nullptr_t>(value_)) value_ = std::vector<Member>();
  EXHIBIT_ASSERT(IsObject());
  auto& members = std::get<std::vector<Member>>(value_);
  const auto found = std::ranges::find(members, name, &Member::name);
  if (found != members.end()) return found->value;
  return members.emplace_back(Member{std::string(name), {}}).value;
}

void Json::push_back(Json element) {
  if (std::holds_alternative<std::nullptr_t>(value_)) value_ = std::vector<Json>();
  EXHIBIT_ASSERT(IsList());
  std::get<std::vector<Json>>(value_).push_back(std::move(element));
}

Json& Json::back() {
  EXHIBIT_ASSERT(!Elements().empty());
  return std::get<std::vector<Json>>(value_).back();
}

void Json::Update(const Json& other) {
  EXHIBIT_ASSERT(IsObject() && other.IsObject());
  for (const Member& member : other.Members()) (*this)[member.name] = member.value;
}

void Json::Write(std::string& to, int indentation, int level) const {
  if (const std::string* const text = Text()) {
    AddText(to, *text);
  } else if (IsObject()) {
    AddAll(to, "{}", Members(), indentation, level, [&](const Member& member) {
      AddText(to, member.name);
      to += indentation < 0 ? ":" : ": ";
      member.value.Write(to, indentation, level + 1);
    });
  } else if (IsList()) {
    AddAll(to, "[]", Elements(), indentation, level,
           [&](const Json& element) { element.Write(to, indentation, level + 1); });
  } else if (const auto number = Unsigned()) {
    to += std::to_string(*number);
  } else if (const auto negative = Signed()) {
    to += std::to_string(*negative);
  } else if (const Decimal* const decimal = std::get_if<Decimal>(&value_)) {
    to += decimal->text;
  } else {
    to += std::holds_alternative<bool>(value_) ? (IsTrue() ? "true" : "false") : "null";
  }
}

std::string Json::Dump(int indentation) const {
  std::string text;
  Write(text, indentation, 0);
  return text;
}

Result<Json> Json::ParseObject(std::string_view text, const JsonLimits& limits) {
  TRY_VOID(CheckJsonShape(text, limits));
  JsonBuilder builder;
  const bool is_json = nlohmann::json::sax_parse(text, &builder);
  Json json = builder.Take();
  if (!is_json || !json.IsObject()) return Fail(ErrorCode::kInvalid, "not a JSON object");
  return json;
}

}  // namespace exhibit
