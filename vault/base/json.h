// A value of JSON: made piece by piece and written, or read from text. Objects keep the order of their members.
//
// The parser is nlohmann's, inside of json.cc alone: its header alone takes 1.4 s of processor (gcc 12) in each file that
// includes it. Numbers are whole; any other number is kept as its text, so that who asks for a whole one is told, and
// writing gives the same bytes.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "vault/base/error.h"
#include "vault/base/json_shape.h"

namespace exhibit {

class Json {
 public:
  struct Part;    // what stands between braces
  struct Member;  // a name and its value

  Json();  // null
  Json(const Json&);
  Json(Json&&) noexcept;
  Json& operator=(const Json&);
  Json& operator=(Json&&) noexcept;
  ~Json();

  Json(std::string text);
  Json(std::string_view text);
  Json(const char* text);
  Json(const std::vector<std::string>& texts);
  Json(std::same_as<bool> auto value) { SetBool(value); }
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) Json(Number number) {
    if constexpr (std::signed_integral<Number>) {
      SetSigned(number);
    } else {
      SetUnsigned(number);
    }
  }
  // {{"name", value}, …} is an object; any other braces are a list. So is one name and one value: an object of one member
  // has two pairs of braces, and a list of two texts each is List() with its elements pushed.
  Json(std::initializer_list<Part> parts);

  static Json List();
  static Json Object();
  static Json Object(std::initializer_list<Part> members) { return Json(members); }
  // A list, whatever is in it.
  static Json List(std::initializer_list<Part> elements);

  bool IsText() const { return std::holds_alternative<std::string>(value_); }
  bool IsTrue() const;
  bool IsList() const { return std::holds_alternative<std::vector<Json>>(value_); }
  bool IsObject() const { return std::holds_alternative<std::vector<Member>>(value_); }

  // Nothing if it is something else.
  const std::string* Text() const { return std::get_if<std::string>(&value_); }
  std::optional<std::uint64_t> Unsigned() const;
  std::optional<std::int64_t> Signed() const;

  // Of a list, and of an object; empty of anything else.
  const std::vector<Json>& Elements() const;
  const std::vector<Member>& Members() const;
  // The member of that name. Nothing if there is none, or this is no object.
  const Json* Find(std::string_view name) const;

  // The member of that name, which is made if there is none. Null becomes an object. REQUIRES: null or an object.
  Json& operator[](std::string_view name);
  // Null becomes a list. REQUIRES: null or a list.
  void push_back(Json element);
  Json& back();
  // Takes the members of another object over; those of the same name are replaced. REQUIRES: both are objects.
  void Update(const Json& other);

  // On one line. With an indentation: each member and element on a line of its own, so many blanks deeper.
  // Bytes that are not UTF-8 become U+FFFD.
  std::string Dump(int indentation = -1) const;

  // kInvalid for what is not an object of JSON in UTF-8, or exceeds the limits. Of members of one name the last counts.
  static Result<Json> ParseObject(std::string_view text, const JsonLimits& limits);

 private:
  friend class JsonBuilder;
  struct Decimal {
    std::string text;
  };
  using Value = std::variant<std::nullptr_t, bool, std::uint64_t, std::int64_t, Decimal, std::string, std::vector<Json>,
                             std::vector<Member>>;

  void SetBool(bool value);
  void SetUnsigned(std::uint64_t number);
  void SetSigned(std::int64_t number);
  void Write(std::string& to, int indentation, int level) const;

  Value value_;
};

struct Json::Member {
  std::string name;
  Json value;
};

struct Json::Part {
  template <typename Value>
  requires(!std::same_as<std::remove_cvref_t<Value>, Part> && std::constructible_from<Json, Value>) Part(Value&& given)
      : value(std::forward<Value>(given)) {}
  Part(std::initializer_list<Part> parts) : value(parts) {}

  mutable Json value;  // is moved out: what a list in braces holds is const
};

}  // namespace exhibit
