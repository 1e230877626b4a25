#include "vault/base/text.h"

#include <cstdint>
#include <cstdio>

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
    const char32_t value = (first & 0x07U) << 18 | (byte(1) & 0x3FU) << 12 |
                           (byte(2) & 0x3FU) << 6 | (byte(3) & 0x3FU);
    if (value >= 0x10000 && value <= 0x10FFFF) return {value, 4};
  }
  return {};
}

// Characters that move, hide or reorder what stands around them.
bool IsUnsafeToShow(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x180E ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE0FFF);
}

bool IsSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
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

}  // namespace

bool IsUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
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

std::string PrintableUpTo(std::size_t most_bytes, std::string_view text) {
  std::string line = Printable(text);
  if (line.size() <= most_bytes) return line;
  const auto continues = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; };
  std::size_t end = most_bytes;
  while (end > 0 && continues(line[end])) --end;
  line.resize(end);
  return line;
}

bool HasControl(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x20 || byte == 0x7F) return true;
  }
  return false;
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
