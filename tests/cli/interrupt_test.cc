// Goal: the first signal asks, the second ends. Method: children that send signals to themselves.
#include "cli/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>

#include "tests/cli/child.h"
#include "tests/support/check.h"

namespace exhibit::cli {
namespace {

using testing::InChild;

TEST_CASE("the first signal asks to stop, and the work goes on until it looks", "[cli]") {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    CAPTURE(signal);
    const auto ended = InChild([signal] {
      InstallInterruptHandler();
      if (Interrupted()) return 1;
      ::raise(signal);
      return Interrupted() ? 7 : 2;
    });
    CHECK(ended.status == 7);
  }
}

TEST_CASE("the second signal ends the program with status 130", "[cli]") {
  const auto ended = InChild([] {
    InstallInterruptHandler();
    ::raise(SIGTERM);
    ::raise(SIGINT);
    return 0;
  });
  CHECK(ended.status == 130);
}

TEST_CASE("a signal wakes a call that waits", "[cli]") {
  const auto ended = InChild([] {
    InstallInterruptHandler();
    int ends[2];
    if (::pipe(ends) != 0) return 1;
    ::alarm(20);  // ends the child, should the read not wake
    if (::fork() == 0) {
      // Again and again: the first may come before the parent waits.
      for (int i = 0; i < 100 && ::getppid() > 1; ++i) {
        ::kill(::getppid(), i == 0 ? SIGINT : SIGCONT);
        ::usleep(10'000);
      }
      ::_exit(0);
    }
    ::usleep(1'000);
    char byte = 0;
    while (!Interrupted() && ::read(ends[0], &byte, 1) < 0 && errno == EINTR) continue;
    return Interrupted() ? 7 : 2;
  });
  CHECK(ended.status == 7);
}

TEST_CASE("a pipe without a reader is an error of the write, not the end of the program", "[cli]") {
  const auto ended = InChild([] {
    InstallInterruptHandler();
    int ends[2];
    if (::pipe(ends) != 0 || ::close(ends[0]) != 0) return 1;
    return ::write(ends[1], "x", 1) < 0 && errno == EPIPE ? 7 : 2;
  });
  CHECK(ended.status == 7);
}

}  // namespace
}  // namespace exhibit::cli
