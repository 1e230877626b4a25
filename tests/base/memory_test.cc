// Goal: what is in memory stays there. Method: children that ask the system what it would do with them.
#include "vault/base/memory.h"

#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/catch.h"

namespace exhibit {
namespace {

enum class Traced : std::uint8_t { kNo, kYes };

// 1 if it is dumpable after the call, plus 2 if a core may have any size.
int StateAfterForbidding(Traced traced) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (traced == Traced::kYes) ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ForbidCoreDumps();
    rlimit limit{};
    ::getrlimit(RLIMIT_CORE, &limit);
    ::_exit(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) + (limit.rlim_max > 0 ? 2 : 0));
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

TEST_CASE("a core is neither written nor piped, and the debugger that started a program can read it", "[base]") {
  CHECK(StateAfterForbidding(Traced::kNo) == 0);
  CHECK(StateAfterForbidding(Traced::kYes) == 1);
}

}  // namespace
}  // namespace exhibit
