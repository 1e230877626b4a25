#include "vault/base/canonical.h"

#include <functional>
#include <set>
#include <vector>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The character that a backslash and this one mean; 0 for none.
char ShortEscape(char c) {
  switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case 'b': return '\b';
    case 't': return '\t';
    case 'n': return '\n';
    case 'f': return '\f';
    case 'r': return '\r';
    default: return '\0';
  }
}

// What ShortEscape makes of it comes from; 0 for a character that is escaped by its number.
char ShortFormOf(char c) {
  switch (c) {
    case '\b': return 'b';
    case '\t': return 't';
    case '\n': return 'n';
    case '\f': return 'f';
    case '\r': return 'r';
    default: return '\0';
  }
}

bool IsBelowSpace(char c) { return static_cast<unsigned char>(c) < 0x20; }

}  // namespace

bool CanonicalReader::Accept(std::string_view bytes) {
  if (!text_.substr(at_).starts_with(bytes)) return false;
  at_ += bytes.size();
  return true;
}

Result<void> CanonicalReader::Expect(std::string_view bytes) {
  if (Accept(bytes)) return {};
  return Refuse(Format("\"{}\" must come at byte {}, and \"{}\" does", Printable(bytes), at_,
                       PrintableUpTo(32, text_.substr(at_, 64))));
}

bool CanonicalReader::AcceptMember(std::string_view name) {
  std::size_t at = at_;
  if (at_ > 0 && text_[at_ - 1] != '{') {
    if (Peek() != ',') return false;
    ++at;
  }
  const std::string_view rest = text_.substr(at);
  const bool fits = rest.size() >= name.size() + 3 && rest[0] == '"' && rest.substr(1, name.size()) == name &&
                    rest[name.size() + 1] == '"' && rest[name.size() + 2] == ':';
  if (!fits) return false;
  at_ = at + name.size() + 3;
  member_ = name;
  return true;
}

Result<void> CanonicalReader::ExpectMember(std::string_view name) {
  if (AcceptMember(name)) return {};
  return Fail(ErrorCode::kInvalid,
              Format("\"{}\" must come at byte {}, and \"{}\" does; members have one order, and no white space", name,
                     at_, PrintableUpTo(32, text_.substr(at_, 64))));
}

Result<void> CanonicalReader::ExpectElement() {
  if (at_ > 0 && text_[at_ - 1] == '[') return {};
  return Expect(",");
}

Result<std::string_view> CanonicalReader::Text() {
  if (Peek() != '"') return Refuse("is no text");
  const std::size_t begin = ++at_;
  bool is_ascii = true;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"') {
      const std::string_view text = text_.substr(begin, at_ - begin);
      ++at_;
      if (is_ascii || IsUtf8(text)) return text;
      return Refuse("is not UTF-8");
    }
    if (c == '\\') return EscapedText(begin);
    if (IsBelowSpace(c)) return Refuse("has a control character that is not escaped");
    if (static_cast<unsigned char>(c) >= 0x80) is_ascii = false;
  }
  return Refuse("is a text without an end");
}

Result<std::string_view> CanonicalReader::EscapedText(std::size_t begin) {
  unescaped_.assign(text_.substr(begin, at_ - begin));
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == '"') {
      if (IsUtf8(unescaped_)) return std::string_view(unescaped_);
      return Refuse("is not UTF-8");
    }
    if (IsBelowSpace(c)) return Refuse("has a control character that is not escaped");
    if (c != '\\') {
      unescaped_ += c;
      continue;
    }
    TRY_VOID(ReadEscape());
  }
  return Refuse("is a text without an end");
}

Result<void> CanonicalReader::ReadEscape() {
  const char escape = Peek();
  if (const char meant = ShortEscape(escape); meant != '\0') {
    ++at_;
    unescaped_ += meant;
    return {};
  }
  const std::string_view digits = text_.substr(at_, 5);
  const bool fits = digits.size() == 5 && digits.starts_with("u00") && (digits[3] == '0' || digits[3] == '1') &&
                    kHexDigits.find(digits[4]) != std::string_view::npos;
  const char meant =
      fits ? static_cast<char>((digits[3] - '0') * 16 + static_cast<int>(kHexDigits.find(digits[4]))) : 'x';
  if (!fits || ShortFormOf(meant) != '\0') return Refuse("has an escape that is not the one form of its character");
  at_ += 5;
  unescaped_ += meant;
  return {};
}

Result<std::uint64_t> CanonicalReader::Number() {
  std::uint64_t number = 0;
  const std::size_t begin = at_;
  for (; at_ < text_.size() && IsDigit(text_[at_]) && at_ - begin < 17; ++at_) {
    number = number * 10 + static_cast<std::uint64_t>(text_[at_] - '0');
  }
  const std::size_t digits = at_ - begin;
  if (digits == 0 || (digits > 1 && text_[begin] == '0') || number > kMaxNumber) {
    return Refuse("is no whole number from 0 to 2^53 - 1 in its one form");
  }
  const char next = Peek();
  if (next == '.' || next == 'e' || next == 'E' || IsDigit(next)) {
    return Refuse("is no whole number from 0 to 2^53 - 1 in its one form");
  }
  return number;
}

Result<std::int64_t> CanonicalReader::SignedNumber() {
  const bool is_negative = Accept("-");
  TRY(const std::uint64_t number, Number());
  if (is_negative && number == 0) return Refuse("is -0, which is written 0");
  return is_negative ? -static_cast<std::int64_t>(number) : static_cast<std::int64_t>(number);
}

Result<bool> CanonicalReader::Boolean() {
  if (Accept("true")) return true;
  if (Accept("false")) return false;
  return Refuse("is neither true nor false");
}

Result<void> CanonicalReader::SkipValue() {
  struct Level {
    char closing;
    std::set<std::string, std::less<>> keys;  // of an object: each comes once
  };
  std::vector<Level> open;
  do {
    if (!open.empty() && Accept({&open.back().closing, 1})) {
      open.pop_back();
      continue;
    }
    if (!open.empty()) {
      TRY_VOID(text_[at_ - 1] == '{' || text_[at_ - 1] == '[' ? Result<void>() : Expect(","));
      if (open.back().closing == '}') {
        TRY(const std::string_view key, Text());
        if (!open.back().keys.emplace(key).second)
          return Refuse("has the key \"" + PrintableUpTo(64, key) + "\" twice");
        TRY_VOID(Expect(":"));
      }
    }
    if (Peek() == '{' || Peek() == '[') {
      if (open.size() == kMaxSkippedDepth) return Refuse("is deeper than 64 arrays and objects");
      open.push_back({Peek() == '{' ? '}' : ']', {}});
      ++at_;
    } else if (Peek() == '"') {
      TRY_VOID(Text());
    } else if (!Accept("null") && !Accept("true") && !Accept("false")) {
      TRY_VOID(SignedNumber());
    }
  } while (!open.empty());
  return {};
}

Result<void> CanonicalReader::End() const {
  if (AtEnd()) return {};
  return Fail(ErrorCode::kInvalid, Format("has \"{}\" at byte {}, where it ends; no other members, and no white space",
                                          PrintableUpTo(32, text_.substr(at_, 64)), at_));
}

Failure CanonicalReader::Refuse(std::string_view rule) const {
  if (member_.empty()) return Fail(ErrorCode::kInvalid, std::string(rule));
  return Fail(ErrorCode::kInvalid, "\"" + std::string(member_) + "\": " + std::string(rule));
}

void CanonicalWriter::Member(std::string_view name) {
  if (!BeginsSomething()) out_ += ',';
  out_.append("\"").append(name).append("\":");
}

void CanonicalWriter::Element() {
  if (!BeginsSomething()) out_ += ',';
}

void CanonicalWriter::Text(std::string_view text) {
  out_ += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (!IsBelowSpace(c)) {
      out_ += c;
    } else if (const char escape = ShortFormOf(c); escape != '\0') {
      out_ += '\\';
      out_ += escape;
    } else {
      out_.append("\\u00").append(1, c < 0x10 ? '0' : '1').append(1, kHexDigits[static_cast<std::size_t>(c) % 16]);
    }
  }
  out_ += '"';
}

}  // namespace exhibit
