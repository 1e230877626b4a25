// Tables of members: what a record has, in its order. One table reads it, writes it and prints it.
//
//   struct Release {
//     Sequence hold;
//     ItemSet items;
//     static constexpr auto kMembers = std::tuple(Member{"hold", &Release::hold}, Member{"items", &Release::items});
//   };
//
// The members of C++ and of the table are the same and in one order. One that may be missing is an std::optional. What a
// value looks like is Form<Value>; a struct with a table is an object in braces. What members ask of one another is
// `Result<void> CheckForm() const`, where a struct has it.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "vault/base/canonical.h"

namespace exhibit {

template <typename Owner, typename Value>
struct Member {
  std::string_view name;
  Value Owner::*place;
};
template <typename Owner, typename Value>
Member(const char*, Value Owner::*) -> Member<Owner, Value>;

// A struct whose members stand among those of its owner, without braces of their own.
template <typename Owner, typename Value>
struct Among {
  Value Owner::*place;
};
template <typename Owner, typename Value>
Among(Value Owner::*) -> Among<Owner, Value>;

template <typename Owner>
concept HasMembers = requires {
  Owner::kMembers;
};

template <HasMembers Owner>
Result<Owner> ReadMembers(CanonicalReader& in);
template <HasMembers Owner>
void WriteMembers(CanonicalWriter& out, const Owner& owner);

// How a value is read and written. Specialised for each: Read(CanonicalReader&) and Write(CanonicalWriter&, const Value&).
template <typename Value>
struct Form;

namespace canonical_form {

template <typename T>
inline constexpr bool kIsOptional = false;
template <typename T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <typename Owner, typename Value>
bool ReadOne(CanonicalReader& in, const Member<Owner, Value>& member, std::optional<Value>& value,
             std::optional<Error>& error) {
  const auto take = [&](auto read) {
    if (read) {
      value.emplace(std::move(*read));
    } else {
      error = std::move(read).error();
    }
    return !error;
  };
  if constexpr (kIsOptional<Value>) {
    if (in.AcceptMember(member.name)) return take(Form<typename Value::value_type>::Read(in));
    value.emplace(std::nullopt);
    return true;
  } else {
    const auto named = in.ExpectMember(member.name);
    if (named) return take(Form<Value>::Read(in));
    error = named.error();
    return false;
  }
}

template <typename Owner, typename Value>
void WriteOne(CanonicalWriter& out, const Member<Owner, Value>& member, const Owner& owner) {
  const Value& value = owner.*member.place;
  if constexpr (kIsOptional<Value>) {
    if (!value) return;
    out.Member(member.name);
    Form<typename Value::value_type>::Write(out, *value);
  } else {
    out.Member(member.name);
    Form<Value>::Write(out, value);
  }
}

template <typename Owner, typename Value>
bool ReadOne(CanonicalReader& in, const Among<Owner, Value>& /*member*/, std::optional<Value>& value,
             std::optional<Error>& error) {
  auto read = ReadMembers<Value>(in);
  if (read) {
    value.emplace(std::move(*read));
  } else {
    error = std::move(read).error();
  }
  return !error;
}
template <typename Owner, typename Value>
void WriteOne(CanonicalWriter& out, const Among<Owner, Value>& member, const Owner& owner) {
  WriteMembers(out, owner.*member.place);
}

template <typename Owner, typename Value>
std::optional<Value> NothingYet(const Member<Owner, Value>& /*member*/) {
  return {};
}
template <typename Owner, typename Value>
std::optional<Value> NothingYet(const Among<Owner, Value>& /*member*/) {
  return {};
}

template <typename Owner, typename... Members>
Result<Owner> ReadAll(CanonicalReader& in, const std::tuple<Members...>& members) {
  return std::apply(
      [&](const auto&... member) -> Result<Owner> {
        std::tuple<decltype(NothingYet(member))...> values;
        std::optional<Error> error;
        std::apply([&](auto&... value) { (void)(ReadOne(in, member, value, error) && ...); }, values);
        if (error) return Fail(std::move(*error));
        return std::apply([](auto&... value) { return Owner{std::move(*value)...}; }, values);
      },
      members);
}

}  // namespace canonical_form

// The members of an owner, without braces, at the reader's place.
template <HasMembers Owner>
Result<Owner> ReadMembers(CanonicalReader& in) {
  const auto checked = [](Result<Owner> owner) -> Result<Owner> {
    if constexpr (requires { owner->CheckForm(); }) {
      if (owner) TRY_VOID(owner->CheckForm());
    }
    return owner;
  };
  if constexpr (std::tuple_size_v<std::remove_cvref_t<decltype(Owner::kMembers)>> == 0) {
    return checked(Owner{});
  } else {
    return checked(canonical_form::ReadAll<Owner>(in, Owner::kMembers));
  }
}
template <HasMembers Owner>
void WriteMembers(CanonicalWriter& out, const Owner& owner) {
  std::apply([&](const auto&... member) { (canonical_form::WriteOne(out, member, owner), ...); }, Owner::kMembers);
}

// For the page of the format: each name, and whether it may be missing.
struct MemberName {
  std::string_view name;
  bool may_be_missing = false;
  bool operator==(const MemberName&) const = default;
};
template <typename Owner, typename Value>
constexpr MemberName NameOfMember(const Member<Owner, Value>& member) {
  return {member.name, canonical_form::kIsOptional<Value>};
}
template <HasMembers Owner>
std::vector<MemberName> MemberNames() {
  return std::apply([](const auto&... member) { return std::vector<MemberName>{NameOfMember(member)...}; },
                    Owner::kMembers);
}

// A struct with a table is an object.
template <HasMembers Owner>
struct Form<Owner> {
  static Result<Owner> Read(CanonicalReader& in) {
    TRY_VOID(in.Expect("{"));
    TRY(Owner owner, ReadMembers<Owner>(in));
    TRY_VOID(in.Expect("}"));
    return owner;
  }
  static void Write(CanonicalWriter& out, const Owner& owner) {
    out.Raw("{");
    WriteMembers(out, owner);
    out.Raw("}");
  }
};

template <>
struct Form<std::uint64_t> {
  static Result<std::uint64_t> Read(CanonicalReader& in) { return in.Number(); }
  static void Write(CanonicalWriter& out, std::uint64_t value) { out.Number(value); }
};
template <>
struct Form<bool> {
  static Result<bool> Read(CanonicalReader& in) { return in.Boolean(); }
  static void Write(CanonicalWriter& out, bool value) { out.Raw(value ? "true" : "false"); }
};
template <>
struct Form<std::string> {
  static Result<std::string> Read(CanonicalReader& in) {
    TRY(const std::string_view text, in.Text());
    return std::string(text);
  }
  static void Write(CanonicalWriter& out, const std::string& value) { out.Text(value); }
};

}  // namespace exhibit
