#include "vault/base/memory.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdlib>  // defines __GLIBC__
#include <fstream>
#include <string>

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

}  // namespace

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
