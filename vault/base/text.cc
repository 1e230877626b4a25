#include "vault/base/text.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "vault/base/format.h"

namespace exhibit {
namespace {

struct Decoded {
  char32_t code_point = 0;
  std::size_t length = 0;  // 0: the byte at this place does not begin valid UTF-8
};

// RFC 3629 section 4, one character.
Decoded DecodeAt(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return at + i < text.size() ? static_cast<std::uint8_t>(text[at + i]) : 0U;
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  if (first >= 0xC2 && first <= 0xDF && continues(1)) {
    return {(first & 0x1FU) << 6 | (byte(1) & 0x3FU), 2};
  }
  if ((first & 0xF0U) == 0xE0U && continues(1) && continues(2)) {
    const char32_t value = (first & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
    if (value >= 0x800 && (value < 0xD800 || value > 0xDFFF)) return {value, 3};
  }
  if (first >= 0xF0 && first <= 0xF4 && continues(1) && continues(2) && continues(3)) {
    const char32_t value = (first & 0x07U) << 18 | (byte(1) & 0x3FU) << 12 | (byte(2) & 0x3FU) << 6 | (byte(3) & 0x3FU);
    if (value >= 0x10000 && value <= 0x10FFFF) return {value, 4};
  }
  return {};
}

// How many bytes from there on are ASCII that is shown as it is: most of most texts.
std::size_t PlainAt(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && text[end] >= 0x20 && text[end] < 0x7F && text[end] != '\\') ++end;
  return end - at;
}

struct Range {
  char32_t first;
  char32_t last;
};

// Characters that move, hide or reorder the text around them: Unicode's categories Cc, Cf, Zl and Zp, and the property
// Default_Ignorable_Code_Point. The variation selectors up to U+FE0F are shown all the same: emoji in names have them,
// and they change nothing else.
constexpr Range kUnsafeToShow[] = {
    {0x00, 0x1F},       {0x7F, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},     {0x600, 0x605},
    {0x61C, 0x61C},     {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},     {0x8E2, 0x8E2},
    {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F},   {0x3164, 0x3164},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},
    {0x110BD, 0x110BD}, {0x110CD, 0x110CD}, {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
    {0xE0000, 0xE0FFF},
};

bool IsUnsafeToShow(char32_t c) {
  return std::ranges::any_of(kUnsafeToShow, [c](const Range& range) { return c >= range.first && c <= range.last; });
}

bool IsSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

std::string Escaped(char32_t c) {
  switch (c) {
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, c < 0x80 ? "\\x%02x" : "\\u{%x}", static_cast<unsigned>(c));
  return buffer;
}

// As JSON escapes it: UTF-16, in two where one is not enough.
std::string JsonEscaped(char32_t c) {
  char buffer[16];
  if (c < 0x10000) {
    std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned>(c));
  } else {
    const auto rest = static_cast<unsigned>(c) - 0x10000;
    std::snprintf(buffer, sizeof buffer, "\\u%04x\\u%04x", 0xD800 + (rest >> 10), 0xDC00 + (rest & 0x3FF));
  }
  return buffer;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    at += PlainAt(text, at);
    if (at == text.size()) return true;
    const Decoded decoded = DecodeAt(text, at);
    if (decoded.length == 0) return false;
    at += decoded.length;
  }
  return true;
}

std::string ReplaceInvalidUtf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = DecodeAt(text, at);
    if (decoded.length == 0) {
      valid += "\xEF\xBF\xBD";
      ++at;
      continue;
    }
    valid += text.substr(at, decoded.length);
    at += decoded.length;
  }
  return valid;
}

std::string Printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t plain = PlainAt(text, at); plain > 0) {
      shown += text.substr(at, plain);
      at += plain;
      continue;
    }
    const Decoded decoded = DecodeAt(text, at);
    if (decoded.length == 0) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\x%02x", static_cast<std::uint8_t>(text[at]));
      shown += buffer;
      ++at;
      continue;
    }
    if (decoded.code_point == '\\') {
      shown += "\\\\";
    } else if (IsUnsafeToShow(decoded.code_point)) {
      shown += Escaped(decoded.code_point);
    } else {
      shown += text.substr(at, decoded.length);
    }
    at += decoded.length;
  }
  return shown;
}

std::string HarmlessJson(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (std::size_t at = 0; at < json.size();) {
    if (const std::size_t plain = PlainAt(json, at); plain > 0) {
      safe += json.substr(at, plain);
      at += plain;
      continue;
    }
    const Decoded decoded = DecodeAt(json, at);
    const std::size_t length = std::max<std::size_t>(decoded.length, 1);
    const bool escape = decoded.length > 0 && decoded.code_point != '\n' && IsUnsafeToShow(decoded.code_point);
    safe += escape ? JsonEscaped(decoded.code_point) : std::string(json.substr(at, length));
    at += length;
  }
  return safe;
}

std::string PrintableUpTo(std::size_t most_bytes, std::string_view text) {
  std::string line = Printable(text);
  if (line.size() <= most_bytes) return line;
  const auto continues = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; };
  std::size_t end = most_bytes;
  while (end > 0 && continues(line[end])) --end;
  line.resize(end);
  return line;
}

std::string Counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return Format("{} {}", count, count == 1 ? one : many);
}

bool HasControl(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x20 || byte == 0x7F) return true;
  }
  return false;
}

bool IsBlank(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = DecodeAt(text, at);
    if (decoded.length == 0 || (!IsSpace(decoded.code_point) && !IsUnsafeToShow(decoded.code_point))) return false;
    at += decoded.length;
  }
  return true;
}

bool HasUnicodeSpace(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = DecodeAt(text, at);
    if (decoded.length == 0) {
      ++at;
      continue;
    }
    if (IsSpace(decoded.code_point)) return true;
    at += decoded.length;
  }
  return false;
}

}  // namespace exhibit
