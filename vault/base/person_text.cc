#include "vault/base/person_text.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>

namespace exhibit {
namespace {

void AppendUtf8(Bytes& text, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { text.push_back(static_cast<std::uint8_t>(byte)); };
  const auto put_rest = [&](int shift) { put(0x80 | ((point >> shift) & 0x3f)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | (point >> 6));
    put_rest(0);
  } else if (point < 0x10000) {
    put(0xe0 | (point >> 12));
    put_rest(6);
    put_rest(0);
  } else {
    put(0xf0 | (point >> 18));
    put_rest(12);
    put_rest(6);
    put_rest(0);
  }
}

// A half of a pair that has no other half becomes U+FFFD.
Bytes FromUtf16(ByteView file, std::size_t low_byte) {
  constexpr std::uint32_t kReplacement = 0xfffd;
  const auto unit = [&](std::size_t at) {
    return static_cast<std::uint32_t>(file[at + low_byte] | (file[at + 1 - low_byte] << 8));
  };
  Bytes text;
  text.reserve(file.size());
  for (std::size_t at = 0; at + 1 < file.size(); at += 2) {
    std::uint32_t point = unit(at);
    const bool is_high = point >= 0xd800 && point < 0xdc00;
    if (is_high && at + 3 < file.size() && unit(at + 2) >= 0xdc00 && unit(at + 2) < 0xe000) {
      point = 0x10000 + ((point - 0xd800) << 10) + (unit(at + 2) - 0xdc00);
      at += 2;
    } else if (point >= 0xd800 && point < 0xe000) {
      point = kReplacement;
    }
    AppendUtf8(text, point);
  }
  return text;
}

bool BeginsWith(ByteView file, std::initializer_list<std::uint8_t> mark) {
  return file.size() >= mark.size() && Equal(file.first(mark.size()), Bytes(mark));
}

}  // namespace

Bytes Utf8TextOf(ByteView file) {
  if (BeginsWith(file, {0xff, 0xfe})) return FromUtf16(file.subspan(2), 0);
  if (BeginsWith(file, {0xfe, 0xff})) return FromUtf16(file.subspan(2), 1);
  if (BeginsWith(file, {0xef, 0xbb, 0xbf})) file = file.subspan(3);
  return ToBytes(file);
}

Bytes PlainTextOf(ByteView file) {
  Bytes text = Utf8TextOf(file);
  std::size_t kept = 0;
  std::size_t end = 0;  // after the last byte of the line that is neither a blank nor a tab nor CR
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::uint8_t byte = text[at];
    if (byte == '\n') kept = end;
    text[kept++] = byte;
    if (byte != ' ' && byte != '\t' && byte != '\r') end = kept;
  }
  kept = end;
  std::fill(text.begin() + static_cast<std::ptrdiff_t>(kept), text.end(),
            std::uint8_t{0});  // no copy of a secret is left
  text.resize(kept);
  return text;
}

}  // namespace exhibit
