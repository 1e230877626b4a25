// Goal: the files of log/ have one spelling.
#include "vault/bundle/told_log.h"

#include "tests/support/check.h"

namespace exhibit::testing {

using namespace bundle;  // NOLINT: all of it is about these functions

TEST_CASE("entries begin with the lines that begin with a brace", "[bundle]") {
  const auto split = [](std::string text) {
    const LogPart part(std::move(text));
    EntryReader reader(part);
    std::vector<std::string> entries;
    for (;;) {
      std::string entry = Unwrap(reader.Next());
      if (entry.empty()) return entries;
      entries.push_back(std::move(entry));
    }
  };
  using Pieces = std::vector<std::string>;
  CHECK(split("").empty());
  CHECK(split("{a}\n\nx\n{b}\n\n") == Pieces{"{a}\n\nx\n", "{b}\n\n"});
  CHECK(split("{a}{b}") == Pieces{"{a}{b}"});
  const LogPart other(std::string("\n{a}"));
  CHECK_FAILS(EntryReader(other).Next(), ErrorCode::kInvalid, "does not begin with an entry");
  // However the pieces fall in which a file is read.
  for (std::size_t bytes = (256 << 10) - 3; bytes < (256 << 10) + 3; ++bytes) {
    CAPTURE(bytes);
    const Pieces pieces = {"{" + std::string(bytes - 2, 'x') + "\n", "{b}\n", "{" + std::string(bytes, 'y') + "\n"};
    CHECK(split(pieces[0] + pieces[1] + pieces[2]) == pieces);
  }
}

TEST_CASE("blocks ascend, and fields say how many lines they have", "[bundle]") {
  std::string text;
  AppendBlock(text, {3}, "a\nb\n");
  AppendBlock(text, {17}, "c\n");
  const LogPart part(text);
  const auto blocks = Unwrap(FindBlocks(part));
  REQUIRE(blocks.size() == 2);
  CHECK(blocks[0].entry == tlog::Sequence{3});
  CHECK(Unwrap(part.Read(blocks[0].lines)) == "a\nb\n");
  CHECK(Unwrap(part.Read(blocks[1].lines)) == "c\n");
  CHECK(Unwrap(FindBlocks(LogPart())).empty());
  CHECK(Unwrap(FindFieldBlocks(LogPart("= 3 2\na\nb\n"))).size() == 1);
  for (const std::string bad : {"a\n", "= 3\na", "= 3\na\n= 3\nb\n", "= 4\n= 3\n", "= 03\na\n", "= 3 \na\n", "=3\na\n",
                                "= 9007199254740992\na\n", "= \n"}) {
    CAPTURE(bad);
    CHECK_FAILS(FindBlocks(LogPart(bad)), ErrorCode::kInvalid, "");
  }
  for (const std::string bad : {"= 3 1\na\nb\n", "= 3 3\na\nb\n", "= 3\na\n", "= 3 02\na\nb\n", "= 3  2\na\nb\n"}) {
    CAPTURE(bad);
    CHECK_FAILS(FindFieldBlocks(LogPart(bad)), ErrorCode::kInvalid, "");
  }
  // Lines longer than a piece of the file.
  const std::string before = "= 1\n" + std::string(300 << 10, 'a') + "\n";
  const LogPart wide(before + "= 2\nb\n");
  const auto found = Unwrap(FindBlocks(wide));
  REQUIRE(found.size() == 2);
  CHECK(Unwrap(wide.Read(found[0].lines)) == before.substr(4));
  CHECK(Unwrap(wide.Read(found[1].lines)) == "b\n");
}

TEST_CASE("files are named once, in order of position", "[bundle]") {
  std::string text;
  AppendFile(text, {{1}, "fs01/a b.txt"});
  AppendFile(text, {{20}, "20"});
  CHECK(text == "1  fs01/a b.txt\n20  20\n");
  CHECK(Unwrap(ParseFiles(text)).size() == 2);
  for (const std::string_view bad : {"1  a", "1 a\n", "2  a\n1  b\n", "1  a\n1  b\n", "1  a\n2  a\n", "01  a\n",
                                     "1  \n", "1  \xc3\xbc\n", "1  a\tb\n", "\n", "-1  a\n"}) {
    CAPTURE(bad);
    CHECK_FAILS(ParseFiles(bad), ErrorCode::kInvalid, "");
  }
}

TEST_CASE("there are one to sixteen tokens", "[bundle]") {
  std::string text;
  for (std::size_t i = 0; i < kMaxTimestamps; ++i) AppendToken(text, ViewOf("token"));
  CHECK(Unwrap(ParseTokens(text)).size() == kMaxTimestamps);
  AppendToken(text, ViewOf("token"));
  CHECK_FAILS(ParseTokens(text), ErrorCode::kInvalid, "more than 16");
  CHECK_FAILS(ParseTokens(""), ErrorCode::kInvalid, "no timestamp");
  for (const std::string_view bad : {"\n", "dG9rZW4\n", "dG9rZW4=", "dG9rZW5=\n", "dG9rZW4=\r\n"}) {
    CAPTURE(bad);
    CHECK_FAILS(ParseTokens(bad), ErrorCode::kInvalid, "");
  }
}

}  // namespace exhibit::testing
