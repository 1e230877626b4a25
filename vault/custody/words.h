// Words of our records: an enum whose values are words, in one order, and sets of them.
//
// An enum has a specialisation of Words, which lists its words in the order of its values. Frozen: entries hold these
// words, and lists have them in this order, each once.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/canonical_form.h"
#include "vault/base/text.h"

namespace exhibit::custody {

template <typename Enum>
struct Words;
template <typename Enum>
concept HasWords = requires {
  Words<Enum>::kAll;
};

template <HasWords Enum>
constexpr std::string_view ToText(Enum value) {
  return Words<Enum>::kAll[static_cast<std::size_t>(value)];
}

template <HasWords Enum>
std::optional<Enum> FromWord(std::string_view word) {
  for (std::size_t i = 0; i < Words<Enum>::kAll.size(); ++i) {
    if (Words<Enum>::kAll[i] == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

// "one of accepted, refused, abandoned"
template <HasWords Enum>
std::string ChoiceOf() {
  std::string choice = "one of ";
  for (const std::string_view word : Words<Enum>::kAll) choice.append(word).append(", ");
  choice.resize(choice.size() - 2);
  return choice;
}

// Some of the words, each once.
template <HasWords Enum>
class WordSet {
 public:
  WordSet() = default;
  WordSet(std::initializer_list<Enum> values) {
    for (const Enum value : values) Insert(value);
  }
  static WordSet All() {
    WordSet all;
    for (std::size_t i = 0; i < Words<Enum>::kAll.size(); ++i) all.Insert(static_cast<Enum>(i));
    return all;
  }
  void Insert(Enum value) { bits_ |= BitOf(value); }
  bool Has(Enum value) const { return (bits_ & BitOf(value)) != 0; }
  bool empty() const { return bits_ == 0; }
  // In their order.
  std::vector<Enum> List() const {
    std::vector<Enum> list;
    for (std::size_t i = 0; i < Words<Enum>::kAll.size(); ++i) {
      if (Has(static_cast<Enum>(i))) list.push_back(static_cast<Enum>(i));
    }
    return list;
  }
  auto operator<=>(const WordSet&) const = default;

 private:
  static constexpr std::uint32_t BitOf(Enum value) { return std::uint32_t{1} << static_cast<std::uint32_t>(value); }
  std::uint32_t bits_ = 0;
};

}  // namespace exhibit::custody

namespace exhibit {

template <custody::HasWords Enum>
struct Form<Enum> {
  static Result<Enum> Read(CanonicalReader& in) {
    TRY(const std::string_view word, in.Text());
    if (const auto value = custody::FromWord<Enum>(word)) return *value;
    return in.Refuse("\"" + PrintableUpTo(64, word) + "\" is not " + custody::ChoiceOf<Enum>());
  }
  static void Write(CanonicalWriter& out, Enum value) { out.Text(custody::ToText(value)); }
};

template <typename Enum>
struct Form<custody::WordSet<Enum>> {
  static Result<custody::WordSet<Enum>> Read(CanonicalReader& in) {
    TRY_VOID(in.Expect("["));
    custody::WordSet<Enum> set;
    std::optional<Enum> last;
    while (!in.Accept("]")) {
      TRY_VOID(in.ExpectElement());
      TRY(const Enum value, Form<Enum>::Read(in));
      if (last && value <= *last) return in.Refuse("has words that are not in their order, each once");
      set.Insert(value);
      last = value;
    }
    return set;
  }
  static void Write(CanonicalWriter& out, const custody::WordSet<Enum>& set) {
    out.Raw("[");
    for (const Enum value : set.List()) {
      out.Element();
      out.Text(custody::ToText(value));
    }
    out.Raw("]");
  }
};

}  // namespace exhibit
