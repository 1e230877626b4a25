// Goal: no evidence rewrites what a reader sees. Method: the edges of RFC 3629, and the escapes,
// bidirectional controls and broken bytes that attackers use.
#include "vault/base/text.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "tests/support/catch.h"

namespace exhibit {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

TEST_CASE("the first and last character of every length of UTF-8 are valid", "[base]") {
  for (const std::string_view text :
       {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "St. Mary\xe2\x80\x99s"}) {
    CAPTURE(text);
    CHECK(IsUtf8(text));
    CHECK(ReplaceInvalidUtf8(text) == text);
  }
  CHECK(IsUtf8(std::string_view("\0", 1)));
}

TEST_CASE("overlong forms, surrogates, what is past U+10FFFF and what is cut off are not UTF-8", "[base]") {
  for (const std::string_view text : {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x80\x80",
                                      "\xe0\x9f\xbf",
                                      "\xf0\x80\x80\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xf8\x88\x80\x80\x80",
                                      "\xfe",
                                      "\xff",
                                      "\xc2",
                                      "\xe2\x82",
                                      "\xf0\x9f\x98",
                                      "\xc2\x41",
                                      "\xe2\x28\xa1",
                                      "\xe2\x82\x28",
                                      "\xf0\x9f\x98\x41",
                                      "abc\xff"}) {
    CAPTURE(text);
    CHECK_FALSE(IsUtf8(text));
  }
}

TEST_CASE("each byte that is not UTF-8 is replaced, and nothing else", "[base]") {
  const std::string mark(kReplacement);
  CHECK(ReplaceInvalidUtf8("a\xff"
                           "b") == "a" + mark + "b");
  CHECK(ReplaceInvalidUtf8("\xed\xa0\x80") == mark + mark + mark);
  CHECK(ReplaceInvalidUtf8("\xe2\x82") == mark + mark);
  CHECK(ReplaceInvalidUtf8("\xc2"
                           "a") == mark + "a");
  CHECK(ReplaceInvalidUtf8("\xe4\xf6\xfc.txt") == mark + mark + mark + ".txt");
  CHECK(IsUtf8(ReplaceInvalidUtf8("\xf0\x9f\x98\xc2\xa0\xff")));
}

TEST_CASE("text that does no harm is shown as it is", "[base]") {
  for (const std::string_view text : {"", "ransom note (1).txt", "\xc3\xa4\xc3\xb6\xc3\xbc", "\xe6\x97\xa5\xe6\x9c\xac",
                                      "\xf0\x9f\x98\x80", "a~\"'"}) {
    CHECK(Printable(text) == text);
  }
}

TEST_CASE("control characters are shown as escapes", "[base]") {
  CHECK(Printable("a\nb\rc\td") == "a\\nb\\rc\\td");
  CHECK(Printable("\x1b[2J\x1b]0;owned\x07") == "\\x1b[2J\\x1b]0;owned\\x07");
  CHECK(Printable(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(Printable("\x7f") == "\\x7f");
  CHECK(Printable("\xc2\x9b"
                  "31m") == "\\u{9b}31m");  // CSI in one character
  CHECK(Printable("\xc2\x85") == "\\u{85}");
}

TEST_CASE("a backslash is doubled, so that an escape cannot be forged", "[base]") {
  CHECK(Printable("\\x1b") == "\\\\x1b");
  CHECK(Printable("C:\\logs") == "C:\\\\logs");
}

TEST_CASE("characters that reorder, hide or break lines are shown by their numbers", "[base]") {
  CHECK(Printable("invoice\xe2\x80\xae"
                  "cod.exe") == "invoice\\u{202e}cod.exe");
  struct Row {
    std::string_view text, shown;
  };
  for (const Row& row :
       {Row{"\xc2\xad", "\\u{ad}"}, Row{"\xd8\x9c", "\\u{61c}"}, Row{"\xe2\x80\x8b", "\\u{200b}"},
        Row{"\xe2\x80\x8e", "\\u{200e}"}, Row{"\xe2\x80\x8f", "\\u{200f}"}, Row{"\xe2\x80\xa8", "\\u{2028}"},
        Row{"\xe2\x80\xa9", "\\u{2029}"}, Row{"\xe2\x80\xaa", "\\u{202a}"}, Row{"\xe2\x81\xa6", "\\u{2066}"},
        Row{"\xe2\x81\xa9", "\\u{2069}"}, Row{"\xe2\x81\xa0", "\\u{2060}"}, Row{"\xef\xbb\xbf", "\\u{feff}"},
        Row{"\xef\xbf\xb9", "\\u{fff9}"}, Row{"\xf3\xa0\x81\x81", "\\u{e0041}"}, Row{"\xe1\xa0\x8e", "\\u{180e}"}}) {
    CAPTURE(row.shown);
    CHECK(Printable(row.text) == row.shown);
  }
}

TEST_CASE("a byte that is not UTF-8 is shown by its value", "[base]") {
  CHECK(Printable("\xe4\xff.txt") == "\\xe4\\xff.txt");
  CHECK(Printable("\xc2\x1b") == "\\xc2\\x1b");
  CHECK(Printable("\xc0\x9b") == "\\xc0\\x9b");
}

TEST_CASE("what is shown is valid UTF-8 without controls, whatever came in", "[base]") {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text = {static_cast<char>(first), static_cast<char>(second)};
      const std::string shown = Printable(text);
      if (!IsUtf8(shown) || HasControl(shown)) FAIL_CHECK("bytes " << first << " " << second);
    }
  }
  SUCCEED();
}

TEST_CASE("controls are found", "[base]") {
  CHECK_FALSE(HasControl("plain text \xc3\xa4 ~"));
  CHECK(HasControl("a\nb"));
  CHECK(HasControl("\x7f"));
  CHECK(HasControl(std::string_view("a\0", 2)));
  CHECK(HasControl("\x1f"));
}

TEST_CASE("white space of Unicode is found, and what only looks like it is not", "[base]") {
  for (const std::string_view text :
       {" ", "\t", "\r", "a\nb", "\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x8a", "\xe2\x80\xa8",
        "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"}) {
    CAPTURE(text);
    CHECK(HasUnicodeSpace(text));
  }
  CHECK_FALSE(HasUnicodeSpace("stmary.example/ir-2025-014"));
  CHECK_FALSE(HasUnicodeSpace("\xe2\x80\x8b"));  // zero width space is not white space
  CHECK_FALSE(HasUnicodeSpace(""));
}

TEST_CASE("a printable text is cut behind a whole character", "[text]") {
  CHECK(PrintableUpTo(8, "short") == "short");
  CHECK(PrintableUpTo(3, "abcd") == "abc");
  CHECK(PrintableUpTo(3, "ab\xc3\xa4") == "ab");  // a letter of two bytes
  CHECK(PrintableUpTo(4, "ab\xc3\xa4") == "ab\xc3\xa4");
  CHECK(PrintableUpTo(0, "\xc3\xa4").empty());
}

// Unicode 15: Cc, Cf, Zl, Zp; and what is invisible by its property, but for the variation selectors up to U+FE0F.
const std::vector<std::pair<char32_t, char32_t>> kHostile = {
    {0x1, 0x1F},        {0x7F, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},     {0x600, 0x605},
    {0x61C, 0x61C},     {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},     {0x8E2, 0x8E2},
    {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F},   {0x3164, 0x3164},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},
    {0x110BD, 0x110BD}, {0x110CD, 0x110CD}, {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
    {0xE0000, 0xE0FFF}};

std::string Utf8Of(char32_t c) {
  const auto byte = [](char32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F))};
  if (c < 0x10000) return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
  return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
}

TEST_CASE("every character of Unicode is shown as it is or as its escape, the same ones on a terminal and in JSON",
          "[base]") {
  std::size_t escaped = 0;
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c == '\\' || c == '\n' || c == '"' || (c >= 0xD800 && c <= 0xDFFF)) continue;
    const std::string text = Utf8Of(c);
    const bool hostile =
        std::ranges::any_of(kHostile, [c](const auto& range) { return c >= range.first && c <= range.second; });
    const bool shown = Printable(text) == text;
    const bool in_json = HarmlessJson(text) == text;
    if (shown == hostile || in_json == hostile) {
      CAPTURE(static_cast<unsigned>(c));
      CHECK(shown != hostile);
      CHECK(in_json != hostile);
    }
    if (hostile) ++escaped;
  }
  CHECK(escaped == 4255);
}

TEST_CASE("JSON that was made harmless means what it meant", "[base]") {
  std::string hostile;
  for (const auto& [first, last] : kHostile) {
    for (char32_t c = first; c <= last; c += last - first > 0x100 ? 0x80 : 1) hostile += Utf8Of(c);
  }
  const nlohmann::json json = {{"name\u202e", "<" + hostile + ">\u00fc\U0001f600\\ \""},
                               {"list", {hostile, 1, nullptr}}};
  for (const int indent : {-1, 2}) {
    const std::string safe = HarmlessJson(json.dump(indent));
    CHECK(nlohmann::json::parse(safe) == json);
    CHECK(safe.find("\u00fc\U0001f600") != std::string::npos);
    CHECK(std::ranges::none_of(safe, [](char c) { return (c >= 0 && c < 0x20 && c != '\n') || c == 0x7F; }));
    CHECK(safe.find("\u202e") == std::string::npos);
  }
  CHECK(HarmlessJson("\u202e") == "\\u202e");
  CHECK(HarmlessJson("\xc2\x9b") == "\\u009b");
  CHECK(HarmlessJson("\U000e0041") == "\\udb40\\udc41");
  // What is not UTF-8 should not come here; it is no character, and stays.
  CHECK(HarmlessJson("a\xff\xed\xa0\x80\xc2") == "a\xff\xed\xa0\x80\xc2");
}

TEST_CASE("what shows nothing is blank", "[base]") {
  for (const std::string_view text : {"", " ", "\t\r\n", "\u00a0", "\u3000\u2003", "\u200b\ufeff", "\U000e0020"})
    CHECK(IsBlank(text));
  for (const std::string_view text : {"x", " x", "\xff", "\u00fc", "."}) CHECK_FALSE(IsBlank(text));
}

}  // namespace
}  // namespace exhibit
