// The value of a field: text, a whole number, true, false, null, or an array or object of these, three within one another
// at most. A key of an object is [a-z][a-z0-9_-]{0,63}, each once; their order is the writer's.
//
// A name that is not UTF-8 is {"base64":"…"}, and only then.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/canonical_form.h"
#include "vault/base/error.h"

namespace exhibit::custody {

inline constexpr std::size_t kMaxFieldDepth = 3;

class FieldValue {
 public:
  struct Null {
    bool operator==(const Null&) const = default;
  };
  using Array = std::vector<FieldValue>;
  using Object = std::vector<std::pair<std::string, FieldValue>>;

  FieldValue() = default;  // null
  FieldValue(std::string text) : value_(std::move(text)) {}
  FieldValue(std::string_view text) : value_(std::string(text)) {}
  FieldValue(const char* text) : value_(std::string(text)) {}
  FieldValue(Array array) : value_(std::move(array)) {}
  FieldValue(Object object) : value_(std::move(object)) {}
  static FieldValue Number(std::int64_t number);
  static FieldValue Bool(bool value);
  // Text where the bytes are UTF-8, else {"base64":"…"}.
  static FieldValue Name(ByteView bytes);

  // Nothing if it is something else.
  const std::string* Text() const { return std::get_if<std::string>(&value_); }
  const std::int64_t* Number() const { return std::get_if<std::int64_t>(&value_); }
  const bool* Bool() const { return std::get_if<bool>(&value_); }
  const Array* AsArray() const { return std::get_if<Array>(&value_); }
  const Object* AsObject() const { return std::get_if<Object>(&value_); }
  bool IsNull() const { return std::holds_alternative<Null>(value_); }
  // The member of an object; null if there is none.
  const FieldValue* Find(std::string_view key) const;
  // The bytes of a name, as Name made it.
  std::optional<Bytes> NameBytes() const;

  // kInvalid, naming the rule, unless every part of it may be written: numbers within 2^53 - 1, UTF-8, keys, depth.
  Result<void> Check() const { return CheckTo(kMaxFieldDepth); }
  bool operator==(const FieldValue&) const = default;

 private:
  friend struct Form<FieldValue>;
  Result<void> CheckTo(std::size_t depth) const;
  static Result<FieldValue> ReadTo(CanonicalReader& in, std::size_t depth);
  static Result<FieldValue> ReadArray(CanonicalReader& in, std::size_t depth);
  static Result<FieldValue> ReadObject(CanonicalReader& in, std::size_t depth);
  void Write(CanonicalWriter& out) const;

  std::variant<Null, bool, std::int64_t, std::string, Array, Object> value_;
};

}  // namespace exhibit::custody

namespace exhibit {

template <>
struct Form<custody::FieldValue> {
  static Result<custody::FieldValue> Read(CanonicalReader& in) {
    return custody::FieldValue::ReadTo(in, custody::kMaxFieldDepth);
  }
  static void Write(CanonicalWriter& out, const custody::FieldValue& value) { value.Write(out); }
};

}  // namespace exhibit
