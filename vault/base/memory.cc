#include "vault/base/memory.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>  // defines __GLIBC__
#include <exception>
#include <filesystem>
#include <fstream>
#include <new>
#include <string>
#include <string_view>
#include <system_error>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace exhibit {
namespace {

bool IsTraced() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("TracerPid:")) return line.find_first_of("123456789") != std::string::npos;
  }
  return false;
}

void Say(std::string_view text) { (void)!::write(STDERR_FILENO, text.data(), text.size()); }

// Allocates nothing: there may be nothing left.
[[noreturn]] void EndWithWords() {
  constexpr std::string_view kHint =
      "exhibit: hint: raise the limit (`ulimit -v`, `ulimit -u`, or that of the container), or close other programs\n";
  try {
    if (const std::exception_ptr thrown = std::current_exception()) std::rethrow_exception(thrown);
    Say("exhibit: error: the program ended where it should not\n");
  } catch (const std::bad_alloc&) {
    Say("exhibit: error: the system gives this process no more memory\n");
    Say(kHint);
  } catch (const std::filesystem::filesystem_error& error) {
    // A relative path has no meaning where the current folder was removed.
    Say("exhibit: error: a path leads nowhere: ");
    Say(error.what());
    Say("\nexhibit: hint: is the current folder still there? cd to another one\n");
  } catch (const std::system_error& error) {
    Say("exhibit: error: the system gives this process no more threads or memory: ");
    Say(error.what());
    Say("\n");
    Say(kHint);
  } catch (...) {
    Say("exhibit: error: the program ended where it should not\n");
  }
  ::_exit(1);
}

}  // namespace

void SayWhyItEnds() { std::set_terminate(EndWithWords); }

void ForbidCoreDumps() {
  constexpr rlimit kNone{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &kNone);
  if (!IsTraced()) (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void KeepFreedMemory() {
#if defined(__GLIBC__)
  // glibc refuses a larger threshold of mmap. Setting one ends its own adjustment of both.
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

}  // namespace exhibit
