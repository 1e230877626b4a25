// A message as one sentence: Format("item {} is not an entry before {}", item, last).
//
// The compiler checks that the values fit the form, which is always a literal of ours. Text that may come from an
// attacker goes through `Printable` first, as everywhere. A secret does not compile here.
//
// Whoever includes this reads fmt's declarations only, 0.06 s of processor: all formatting is in format.cc.
#pragma once

#include <fmt/core.h>

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>

namespace exhibit {

std::string FormatText(fmt::string_view form, fmt::format_args values);

// A number with a type of its own (`Sequence`, `TreeSize`) is formatted as a number.
template <typename T>
const auto& Formattable(const T& value) {
  if constexpr (requires {
                  { value.value } -> std::same_as<const std::uint64_t&>;
                }) {
    return value.value;
  } else {
    return value;
  }
}

template <typename... Values>
std::string Format(fmt::format_string<decltype(Formattable(std::declval<const Values&>()))...> form,
                   const Values&... values) {
  return FormatText(form, fmt::make_format_args(Formattable(values)...));
}

}  // namespace exhibit
