#include "vault/base/open_files.h"

#include <sys/resource.h>

#include <algorithm>

namespace exhibit {
namespace {

constexpr rlim_t kMostOpenFiles = 4096;

}  // namespace

void RaiseOpenFileLimit() {
  ::rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kMostOpenFiles) return;
  limit.rlim_cur = std::min(limit.rlim_max, kMostOpenFiles);
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace exhibit
