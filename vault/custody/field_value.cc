#include "vault/custody/field_value.h"

#include <algorithm>
#include <set>

#include "vault/base/encoding.h"
#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

constexpr std::size_t kMaxObjectKeyBytes = 64;

bool IsObjectKey(std::string_view key) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto may_follow = [&](char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  return !key.empty() && key.size() <= kMaxObjectKeyBytes && is_lower(key.front()) &&
         std::ranges::all_of(key, may_follow);
}

Failure Bad(std::string rule) { return Fail(ErrorCode::kInvalid, std::move(rule)); }

Failure BadKey(std::string_view key) {
  return Bad("has the key \"" + PrintableUpTo(80, key) + "\", which is not [a-z][a-z0-9_-]{0,63}, or is there twice");
}

Failure TooDeep() { return Bad("has more than 3 arrays or objects within one another"); }

}  // namespace

FieldValue FieldValue::Number(std::int64_t number) {
  FieldValue value;
  value.value_ = number;
  return value;
}
FieldValue FieldValue::Bool(bool boolean) {
  FieldValue value;
  value.value_ = boolean;
  return value;
}
FieldValue FieldValue::Name(ByteView bytes) {
  if (IsUtf8(TextOf(bytes))) return {TextOf(bytes)};
  return {Object{{"base64", FieldValue(ToBase64(bytes, Base64::kPadded))}}};
}

const FieldValue* FieldValue::Find(std::string_view key) const {
  const Object* const object = AsObject();
  if (object == nullptr) return nullptr;
  const auto found = std::ranges::find_if(*object, [&](const auto& member) { return member.first == key; });
  return found == object->end() ? nullptr : &found->second;
}

std::optional<Bytes> FieldValue::NameBytes() const {
  if (const std::string* const text = Text()) return ToBytes(ViewOf(*text));
  const Object* const object = AsObject();
  const FieldValue* const encoded = Find("base64");
  if (object == nullptr || object->size() != 1 || encoded == nullptr || encoded->Text() == nullptr) return std::nullopt;
  auto bytes = FromBase64(*encoded->Text(), Base64::kPadded);
  if (!bytes || IsUtf8(TextOf(*bytes))) return std::nullopt;
  return std::move(*bytes);
}

Result<void> FieldValue::CheckTo(std::size_t depth) const {
  if (const std::string* const text = Text()) return IsUtf8(*text) ? Result<void>() : Bad("is not UTF-8");
  if (const std::int64_t* const number = Number()) {
    const bool fits =
        *number <= static_cast<std::int64_t>(kMaxNumber) && *number >= -static_cast<std::int64_t>(kMaxNumber);
    return fits ? Result<void>() : Bad("is beyond 2^53 - 1");
  }
  if ((AsArray() != nullptr || AsObject() != nullptr) && depth == 0) return TooDeep();
  if (const Array* const array = AsArray()) {
    for (const FieldValue& one : *array) TRY_VOID(one.CheckTo(depth - 1));
  }
  if (const Object* const object = AsObject()) {
    std::set<std::string_view> keys;
    for (const auto& [key, one] : *object) {
      if (!IsObjectKey(key) || !keys.insert(key).second) return BadKey(key);
      TRY_VOID(one.CheckTo(depth - 1));
    }
  }
  return {};
}

Result<FieldValue> FieldValue::ReadTo(CanonicalReader& in, std::size_t depth) {
  switch (in.Peek()) {
    case '"': {
      TRY(const std::string_view text, in.Text());
      return FieldValue(text);
    }
    case '[': return ReadArray(in, depth);
    case '{': return ReadObject(in, depth);
    case 't':
    case 'f': {
      TRY(const bool value, in.Boolean());
      return Bool(value);
    }
    case 'n': TRY_VOID(in.Expect("null")); return FieldValue();
    default: {
      TRY(const std::int64_t number, in.SignedNumber());
      return Number(number);
    }
  }
}

Result<FieldValue> FieldValue::ReadArray(CanonicalReader& in, std::size_t depth) {
  if (depth == 0) return TooDeep();
  TRY_VOID(in.Expect("["));
  Array array;
  while (!in.Accept("]")) {
    TRY_VOID(in.ExpectElement());
    TRY(FieldValue one, ReadTo(in, depth - 1));
    array.push_back(std::move(one));
  }
  return FieldValue(std::move(array));
}

Result<FieldValue> FieldValue::ReadObject(CanonicalReader& in, std::size_t depth) {
  if (depth == 0) return TooDeep();
  TRY_VOID(in.Expect("{"));
  Object object;
  std::set<std::string, std::less<>> keys;
  while (!in.Accept("}")) {
    if (!object.empty()) TRY_VOID(in.Expect(","));
    TRY(const std::string_view text, in.Text());
    std::string key(text);
    if (!IsObjectKey(key) || !keys.insert(key).second) return BadKey(key);
    TRY_VOID(in.Expect(":"));
    TRY(FieldValue one, ReadTo(in, depth - 1));
    object.emplace_back(std::move(key), std::move(one));
  }
  return FieldValue(std::move(object));
}

void FieldValue::Write(CanonicalWriter& out) const {
  if (const std::string* const text = Text()) return out.Text(*text);
  if (const std::int64_t* const number = Number()) return out.SignedNumber(*number);
  if (const bool* const value = Bool()) return out.Raw(*value ? "true" : "false");
  if (IsNull()) return out.Raw("null");
  if (const Array* const array = AsArray()) {
    out.Raw("[");
    for (const FieldValue& one : *array) {
      out.Element();
      one.Write(out);
    }
    return out.Raw("]");
  }
  out.Raw("{");
  for (const auto& [key, one] : *AsObject()) {
    out.Member(key);
    one.Write(out);
  }
  out.Raw("}");
}

}  // namespace exhibit::custody
