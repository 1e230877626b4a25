// Goal: people read what is meant, and nothing hostile reaches their terminal. Method: children whose
// output is a pipe, a terminal, or a disk that is full.
#include "cli/terminal.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <limits>

#include "tests/cli/child.h"
#include "tests/support/check.h"

namespace exhibit::cli {
namespace {

using testing::InChild;
using testing::OnTerminal;
using testing::Variable;

TEST_CASE("sizes are rounded to a tenth of the unit that fits", "[cli]") {
  const std::pair<std::uint64_t, std::string_view> table[] = {
      {0, "0 B"},
      {1023, "1023 B"},
      {1024, "1.0 KiB"},
      {1536, "1.5 KiB"},
      {1023 * 1024, "1023.0 KiB"},
      {1024 * 1024 - 1, "1.0 MiB"},
      {std::uint64_t{5} << 30, "5.0 GiB"},
      {std::uint64_t{1} << 40, "1.0 TiB"},
      {std::numeric_limits<std::uint64_t>::max(), "16.0 EiB"},
  };
  for (const auto& [bytes, text] : table) CHECK(HumanSize(bytes) == text);
}

TEST_CASE("durations are said in the two units that matter", "[cli]") {
  const std::pair<double, std::string_view> table[] = {
      {-1, "0 s"},
      {0, "0 s"},
      {0.4, "0 s"},
      {59.4, "59 s"},
      {59.5, "1 min 0 s"},
      {185, "3 min 5 s"},
      {3599.4, "59 min 59 s"},
      {3600, "1 h 0 min"},
      {90061, "25 h 1 min"},
  };
  for (const auto& [seconds, text] : table) CHECK(HumanDuration(seconds) == text);
}

TEST_CASE("a duration that nobody can tell does no harm", "[cli]") {
  CHECK_FALSE(HumanDuration(1e300).empty());
  CHECK_FALSE(HumanDuration(std::numeric_limits<double>::infinity()).empty());
  CHECK_FALSE(HumanDuration(std::numeric_limits<double>::quiet_NaN()).empty());
}

TEST_CASE("columns are aligned, the last one not filled up", "[cli]") {
  Table table({Align::kRight, Align::kLeft, Align::kLeft});
  table.AddRow({"7", "log", "auth.log"});
  table.AddRow({"1234", "ransom-message", "README"});
  CHECK(table.TakeText() ==
        "   7  log             auth.log\n"
        "1234  ransom-message  README\n");
  CHECK(Table({Align::kLeft}).TakeText().empty());
}

TEST_CASE("columns are aligned by the width that is seen: wide, accented and combined characters", "[cli]") {
  const std::string before = std::setlocale(LC_CTYPE, nullptr);
  REQUIRE(std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr);
  Table table({Align::kLeft, Align::kLeft});
  table.AddRow({"\xe8\xad\x89\xe6\x8b\xa0", "wide"});  // two characters of two columns
  table.AddRow({"caf\xc3\xa9", "accent"});             // one character
  table.AddRow({"cafe\xcc\x81", "combined"});          // two characters in one column
  table.AddRow({"four", "plain"});
  CHECK(table.TakeText() ==
        "\xe8\xad\x89\xe6\x8b\xa0  wide\ncaf\xc3\xa9  accent\ncafe\xcc\x81  combined\nfour  plain\n");
  std::setlocale(LC_CTYPE, before.c_str());
}

TEST_CASE("an error is said in one line, with its hint in another", "[cli]") {
  const auto ended = InChild([] {
    PrintError({ErrorCode::kNotFound, "vault x: there is none", "exhibit init makes one"});
    PrintError({ErrorCode::kIo, "disk full", ""});
    return 0;
  });
  CHECK(ended.errors ==
        "exhibit: error: vault x: there is none\nexhibit: hint: exhibit init makes one\n"
        "exhibit: error: disk full\n");
  CHECK(ended.output.empty());
}

TEST_CASE("hostile text that came this far is shown harmless, and what was made so stays as it is", "[cli]") {
  const auto ended = InChild([] {
    PrintError({ErrorCode::kInvalid, "a\x1b[2J\nb\xff \xe2\x80\xae c\\x1bd\\\\e", "f\rg"});
    Say("h\x07i");
    return 0;
  });
  CHECK(ended.errors ==
        "exhibit: error: a\\x1b[2J\\nb\\xff \\u{202e} c\\x1bd\\\\e\nexhibit: hint: f\\rg\nexhibit: h\\x07i\n");
}

TEST_CASE("colour is for terminals, unless the user or the terminal does not want it", "[cli]") {
  const auto show = [] {
    std::fputs(Styled(Stream::kOutput, Style::kRed, "red").c_str(), stdout);
    std::fflush(stdout);
    return IsTerminal(Stream::kOutput) ? 7 : 8;
  };
  const Variable terminal_type("TERM", "xterm");
  const Variable no_wish("NO_COLOR", nullptr);
  const auto in_pipe = InChild(show);
  CHECK(in_pipe.status == 8);
  CHECK(in_pipe.output == "red");
  OnTerminal coloured(show);
  CHECK(coloured.Finish() == 7);
  CHECK(coloured.shown() == "\x1b[31mred\x1b[0m");
  {
    const Variable empty("NO_COLOR", "");
    OnTerminal terminal(show);
    terminal.Finish();
    CHECK(terminal.shown() == "\x1b[31mred\x1b[0m");
  }
  {
    const Variable wish("NO_COLOR", "1");
    OnTerminal terminal(show);
    terminal.Finish();
    CHECK(terminal.shown() == "red");
  }
  const Variable dumb("TERM", "dumb");
  OnTerminal terminal(show);
  terminal.Finish();
  CHECK(terminal.shown() == "red");
}

TEST_CASE("the width is the terminal's, or 80", "[cli]") {
  OnTerminal wide([] { return static_cast<int>(TerminalWidth()); }, 123);
  CHECK(wide.Finish() == 123);
  CHECK(InChild([] { return static_cast<int>(TerminalWidth()); }).status == 80);
}

TEST_CASE("a reader that goes away ends the program without a word", "[cli]") {
  const auto ended = InChild([] {
    ::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    if (::pipe(ends) != 0 || ::close(ends[0]) != 0) return 9;
    ::dup2(ends[1], STDOUT_FILENO);
    Print("text\n");
    return 0;
  });
  CHECK(ended.status == 1);
  CHECK(ended.errors.empty());
}

TEST_CASE("results that cannot be written are an error that is said", "[cli]") {
  const auto ended = InChild([] {
    ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO);
    Print("text\n");
    return 0;
  });
  CHECK(ended.status == 1);
  CHECK(ended.errors == "exhibit: error: standard output: No space left on device\n");
}

TEST_CASE("an output that takes no more for a while gets everything in the end", "[cli]") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_NONBLOCK) == 0);
  const FileDescriptor reader(ends[0]);
  FileDescriptor writer(ends[1]);
  const std::string text(1 << 20, 'x');
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(writer.get(), STDOUT_FILENO);
    Print(text);
    ::_exit(7);
  }
  writer = FileDescriptor();
  REQUIRE(::fcntl(reader.get(), F_SETFL, 0) == 0);
  Bytes got(text.size() + 1);
  CHECK(testing::Unwrap(ReadFull(reader, got, "pipe")) == text.size());
  CHECK(testing::WaitFor(child) == 7);
}

TEST_CASE("a sentence is folded at its blanks, and no word is lost", "[cli]") {
  CHECK(Fold("", 10).empty());
  CHECK(Fold("one", 2) == "one");
  CHECK(Fold("one two", 7) == "one two");
  CHECK(Fold("one two", 6) == "one\n  two");
  CHECK(Fold("one two three four", 9) == "one two\n  three\n  four");
  CHECK(Fold("aaaaaaaaaaaa b", 4) == "aaaaaaaaaaaa\n  b");
}

TEST_CASE("a status line is pushed aside by what is said, and can be taken away", "[cli]") {
  OnTerminal terminal([] {
    ShowStatus("one");
    ShowStatus("two\x1b[2J");
    Say("word");
    ShowStatus("three");
    ShowStatus("");
    ShowStatus("");
    return 0;
  });
  CHECK(terminal.Finish() == 0);
  CHECK(terminal.shown() == "one\r\x1b[Ktwo\\x1b[2J\r\x1b[Kexhibit: word\r\nthree\r\x1b[K");
}

}  // namespace
}  // namespace exhibit::cli
