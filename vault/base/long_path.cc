#include "vault/base/long_path.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace exhibit {
namespace {

constexpr std::size_t kMostAtOnce = PATH_MAX - 1;

}  // namespace

int LongPath::folder() const { return folder_ ? folder_.get() : AT_FDCWD; }

Result<LongPath> LongPath::Reach(const std::filesystem::path& path) {
  LongPath at({}, path.native());
  while (at.rest_.size() > kMostAtOnce) {
    const std::size_t slash = at.rest_.rfind('/', kMostAtOnce - 1);
    if (slash == std::string::npos || slash == 0) break;  // one name that is too long: the call says so
    const std::string step = at.rest_.substr(0, slash);
    FileDescriptor next(::openat(at.folder(), step.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next) return Fail(SystemError("open folder", path, errno));
    at.folder_ = std::move(next);
    at.rest_.erase(0, slash + 1);
    at.rest_.erase(0, std::min(at.rest_.find_first_not_of('/'), at.rest_.size()));
  }
  return at;
}

}  // namespace exhibit
