// The one form of JSON that our records have, read and written without a tree of values.
//
//   no white space outside of texts; members in the order of their table; each key once
//   number    0, or digits without leading zeros, at most 2^53 - 1; a field's value may have a "-" before a number that is not 0
//   text      UTF-8; `\"` `\\` `\b` `\t` `\n` `\f` `\r`, other characters below U+0020 as \u and four lower-case hex digits;
//             nothing else is escaped
//
// A reader refuses every other spelling where it meets it, so what was read and is written again is the same bytes: there
// is nothing to compare afterwards. It asks for what must come next and allocates nothing for a text without escapes.
// Errors are kInvalid, and name the member and the rule.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vault/base/error.h"

namespace exhibit {

// 2^53 - 1: what every reader of JSON can hold.
inline constexpr std::uint64_t kMaxNumber = (std::uint64_t{1} << 53) - 1;
// Arrays and objects within one another, in what is passed over.
inline constexpr std::size_t kMaxSkippedDepth = 64;

class CanonicalReader {
 public:
  // REQUIRES: `text` outlives it.
  explicit CanonicalReader(std::string_view text) : text_(text) {}

  // The next bytes are these. False, and nothing is read, if they are not.
  bool Accept(std::string_view bytes);
  Result<void> Expect(std::string_view bytes);
  // The name of a member, with the comma before it unless it is the first of its object, and its colon.
  bool AcceptMember(std::string_view name);
  Result<void> ExpectMember(std::string_view name);
  // In an array: the comma before the next element, which the first has not. REQUIRES: not at its end.
  Result<void> ExpectElement();

  // A text without its quotes and escapes. It stays until the next text is read.
  Result<std::string_view> Text();
  Result<std::uint64_t> Number();
  // With a "-" too.
  Result<std::int64_t> SignedNumber();
  Result<bool> Boolean();
  // Passes over any value in this form.
  Result<void> SkipValue();

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool AtEnd() const { return at_ == text_.size(); }
  // kInvalid if something is left.
  Result<void> End() const;
  std::size_t position() const { return at_; }
  std::string_view Since(std::size_t begin) const { return text_.substr(begin, at_ - begin); }

  // kInvalid: `"seq": ` and the rule.
  Failure Refuse(std::string_view rule) const;
  // The member that messages name.
  std::string_view member() const { return member_; }

 private:
  Result<std::string_view> EscapedText(std::size_t begin);
  Result<void> ReadEscape();

  std::string_view text_;
  std::size_t at_ = 0;
  std::string_view member_;
  std::string unescaped_;  // the last text that had escapes
};

class CanonicalWriter {
 public:
  // The name of a member, with the comma before it unless it is the first of its object.
  void Member(std::string_view name);
  // In an array: the comma before each element but the first.
  void Element();
  void Text(std::string_view text);
  void Number(std::uint64_t number) { out_ += std::to_string(number); }
  void SignedNumber(std::int64_t number) { out_ += std::to_string(number); }
  // As it stands: braces, brackets, `true`, `null`.
  void Raw(std::string_view bytes) { out_ += bytes; }

  const std::string& written() const { return out_; }
  std::string Take() && { return std::move(out_); }

 private:
  bool BeginsSomething() const { return !out_.empty() && (out_.back() == '{' || out_.back() == '['); }
  std::string out_;
};

}  // namespace exhibit
