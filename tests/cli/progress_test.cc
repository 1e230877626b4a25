// Goal: whoever waits sees how far it is, and nothing of it stays or gets into a file.
#include "cli/progress.h"

#include <unistd.h>

#include "cli/terminal.h"
#include "tests/cli/child.h"
#include "tests/support/check.h"

namespace exhibit::cli {
namespace {

using testing::InChild;
using testing::OnTerminal;
using Unit = ProgressLine::Unit;

int Work(Unit unit, std::uint64_t of, unsigned milliseconds) {
  std::atomic<std::uint64_t> done{of / 4};
  const std::atomic<std::uint64_t> total{of};
  const ProgressLine line("added", unit, done, total);
  ::usleep(milliseconds * 1000);
  return 0;
}

TEST_CASE("long work shows how much of how much is done, how fast, and how long it still takes", "[cli]") {
  OnTerminal terminal([] { return Work(Unit::kBytes, 8 << 20, 900); });
  terminal.Expect("added 2.0 MiB of 8.0 MiB, ");
  terminal.Expect(" MiB/s, ");
  terminal.Expect(" s left");
  CHECK(terminal.Finish() == 0);
}

TEST_CASE("things are counted, and without a total nothing is said of the end", "[cli]") {
  OnTerminal terminal([] {
    const std::atomic<std::uint64_t> done{1234};
    const std::atomic<std::uint64_t> total{0};
    const ProgressLine line("verified", Unit::kCount, done, total);
    ::usleep(900'000);
    return 0;
  });
  terminal.Expect("verified 1234, ");
  CHECK(terminal.Finish() == 0);
  CHECK(terminal.shown().find(" of ") == std::string::npos);
  CHECK(terminal.shown().find("left") == std::string::npos);
}

TEST_CASE("the line is gone when the work is done", "[cli]") {
  OnTerminal terminal([] { return Work(Unit::kBytes, 8 << 20, 700); });
  terminal.Expect("added");
  CHECK(terminal.Finish() == 0);
  CHECK(terminal.shown().ends_with("\r\x1b[K"));
  CHECK(terminal.shown().find('\n') == std::string::npos);
}

TEST_CASE("work that is done at once shows nothing", "[cli]") {
  OnTerminal terminal([] { return Work(Unit::kBytes, 8 << 20, 1); });
  CHECK(terminal.Finish() == 0);
  CHECK(terminal.shown().empty());
}

TEST_CASE("the line is never wider than the terminal", "[cli]") {
  OnTerminal terminal([] { return Work(Unit::kBytes, 8 << 20, 700); }, 16);
  CHECK(terminal.Finish() == 0);
  CHECK(terminal.shown().find("added 2.0 MiB o\r") != std::string::npos);
}

TEST_CASE("nothing of it gets into a file or a pipe", "[cli]") {
  const auto ended = InChild([] { return Work(Unit::kBytes, 8 << 20, 700); });
  CHECK(ended.status == 0);
  CHECK(ended.output.empty());
  CHECK(ended.errors.empty());
}

TEST_CASE("what is printed meanwhile stands on lines of its own", "[cli]") {
  OnTerminal terminal([] {
    std::atomic<std::uint64_t> done{1};
    const std::atomic<std::uint64_t> total{2};
    const ProgressLine line("added", Unit::kCount, done, total);
    ::usleep(900'000);
    Print("a result\n");
    Say("a word");
    return 0;
  });
  CHECK(terminal.Finish() == 0);
  CHECK(terminal.shown().find("\r\x1b[Ka result\r\n") != std::string::npos);
  CHECK(terminal.shown().find("\nexhibit: a word\r\n") != std::string::npos);
}

}  // namespace
}  // namespace exhibit::cli
