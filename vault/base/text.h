// Text that may come from an attacker: is it UTF-8, and how can it be shown?
//
// File names, descriptions and metadata are evidence, and evidence is hostile: it may hold escape
// sequences that rewrite a terminal, or bidirectional controls that reorder what a reader sees.
// All such text reaches a terminal through `Printable` or, in JSON, `HarmlessJson`. Both escape Unicode's controls and
// format characters, line and paragraph separators, and characters of no width.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace exhibit {

// True for valid UTF-8 (no overlong forms, no surrogates, nothing past U+10FFFF).
bool IsUtf8(std::string_view text);

// The text with each byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string ReplaceInvalidUtf8(std::string_view text);

// One printable line: control characters, line and paragraph separators, bidirectional and
// zero-width format characters become `\n`, `\x1b` or `\u{202e}`; a byte that is not UTF-8 becomes
// `\xff`; a backslash becomes two, so that what is shown is unambiguous.
std::string Printable(std::string_view text);

// The same JSON, with those characters of its strings as `\u202e`: it has the same meaning. REQUIRES: `json` is JSON,
// and UTF-8. Its line feeds are between values (in a string they are escaped already) and stay.
std::string HarmlessJson(std::string_view json);

// `Printable`, cut off after the last whole character that fits.
std::string PrintableUpTo(std::size_t most_bytes, std::string_view text);

// "1 item", "3 items".
std::string Counted(std::uint64_t count, std::string_view one, std::string_view many);

// True if `text` holds a byte below 0x20 or 0x7f.
bool HasControl(std::string_view text);

// True if `text` holds a character of Unicode's White_Space property. `text` must be UTF-8.
bool HasUnicodeSpace(std::string_view text);

// True if a reader sees nothing of it: it is empty, or only white space and characters that `Printable` escapes.
bool IsBlank(std::string_view text);

}  // namespace exhibit
