#include "vault/intake/walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/long_path.h"
#include "vault/base/text.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

// The names in a folder, in reverse byte order, because they are taken from the back. The folder must be the
// one that `status` describes: whoever can write beside it could put a link in its place.
Result<std::vector<std::string>> ListReversed(const fs::path& folder, const struct ::stat& status) {
  TRY(const LongPath at, LongPath::Reach(folder));
  const int descriptor = ::openat(at.folder(), at.rest(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0) return Fail(SystemError("open folder", folder, errno));
  const std::unique_ptr<DIR, CloseFolder> open(::fdopendir(descriptor));
  if (open == nullptr) {
    const int why = errno;
    ::close(descriptor);
    return Fail(SystemError("open folder", folder, why));
  }
  struct ::stat now {};
  if (::fstat(descriptor, &now) != 0) return Fail(SystemError("look at", folder, errno));
  if (now.st_dev != status.st_dev || now.st_ino != status.st_ino) {
    return Fail(ErrorCode::kInvalid, Printable(folder.native()) + ": another folder was put in its place");
  }
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* const entry = ::readdir(open.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
    errno = 0;
  }
  if (errno != 0) return Fail(SystemError("list folder", folder, errno));
  std::ranges::sort(names, std::greater<>());
  return names;
}

Result<void> LookAt(const fs::path& path, struct ::stat& status) {
  TRY(const LongPath at, LongPath::Reach(path));
  if (::fstatat(at.folder(), at.rest(), &status, AT_SYMLINK_NOFOLLOW) == 0) return {};
  return Fail(SystemError("look at", path, errno));
}

Result<std::string> ReadLink(const fs::path& path) {
  std::string target(64 * 1024, '\0');
  TRY(const LongPath at, LongPath::Reach(path));
  const ssize_t size = ::readlinkat(at.folder(), at.rest(), target.data(), target.size());
  if (size < 0) return Fail(SystemError("read link", path, errno));
  target.resize(static_cast<std::size_t>(size));
  return target;
}

Result<custody::FileType> TypeOf(const fs::path& path, mode_t mode, Devices devices) {
  const auto refuse = [&](std::string_view what, std::string_view hint = {}) {
    return Fail(ErrorCode::kInvalid, Format("{} is {}", Printable(path.native()), what), std::string(hint));
  };
  if (S_ISREG(mode)) return custody::FileType::kRegular;
  if (S_ISLNK(mode)) return custody::FileType::kSymbolicLink;
  if (S_ISBLK(mode)) {
    if (devices == Devices::kTakeBlockDevices) return custody::FileType::kDevice;
    return refuse("a block device", "to read it as evidence: --raw-device");
  }
  if (S_ISCHR(mode)) return refuse("a character device");
  if (S_ISSOCK(mode)) return refuse("a socket");
  if (S_ISFIFO(mode)) return refuse("a pipe", "to take in what comes out of it: exhibit add - --name NAME < PIPE");
  return refuse("of an unknown type");
}

// Whether it is one of these folders, or in one.
bool IsWithin(const fs::path& path, const std::set<std::pair<dev_t, ino_t>>& folders) {
  std::error_code error;
  for (fs::path at = fs::canonical(path, error); !error && !folders.empty(); at = at.parent_path()) {
    struct ::stat status {};
    if (::lstat(at.c_str(), &status) == 0 && folders.contains({status.st_dev, status.st_ino})) return true;
    if (!at.has_relative_path()) break;
  }
  return false;
}

// A path as patterns see it: below the start; of the start itself, its name.
std::string_view BelowStart(const fs::path& path, const fs::path& start) {
  const std::string_view whole = path.native();
  if (whole.size() > start.native().size()) return whole.substr(start.native().size());
  const std::string_view named = whole.substr(0, whole.find_last_not_of('/') + 1);
  return named.substr(named.rfind('/') + 1);
}

// Whether the user asked to leave it out; who is told of that is.
bool IsLeftOut(const fs::path& path, const fs::path& start, Exclusion::What what, const WalkOptions& options) {
  const std::string* const pattern = options.exclusion.Match(BelowStart(path, start), what);
  if (pattern != nullptr && options.left_out) options.left_out(path, *pattern);
  return pattern != nullptr;
}

std::uint64_t BytesOf(const struct ::stat& status) {
  return S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace

Result<Start> FindStart(const fs::path& named) {
  struct ::stat status {};
  if (const auto looked = LookAt(named, status); !looked) {
    if (looked.error().code != ErrorCode::kNotFound)
      return Start{named, {}, false, named};  // the walk says what is wrong
    std::error_code ignored;
    const bool is_pattern = named.native().find_first_of("*?[") != std::string::npos;
    return Fail(ErrorCode::kNotFound,
                Printable(named.native()) + " does not exist" +
                    (named.is_absolute() ? "" : " (looked in " + Printable(fs::current_path(ignored).native()) + ")"),
                is_pattern ? "the shell found no file for this pattern" : "");
  }
  if (!S_ISLNK(status.st_mode)) return Start{named, {}, S_ISDIR(status.st_mode), named, BytesOf(status)};
  struct ::stat target {};
  if (::stat(named.c_str(), &target) != 0) return Start{named, {}, false, named};
  TRY(std::string followed, ReadLink(named));
  // A slash after it names what it leads to, and the names below stay as the user knows them.
  if (S_ISDIR(target.st_mode)) return Start{named / "", std::move(followed), true, named};
  std::error_code error;
  fs::path real = fs::canonical(named, error);
  if (error) return Fail(SystemError("look at", named, error.value()));
  return Start{std::move(real), std::move(followed), false, named, BytesOf(target)};
}

Result<void> Walk(const fs::path& start, const WalkOptions& options, const std::function<Result<void>(Found)>& found,
                  const std::function<void(Refused)>& refused) {
  struct Level {
    fs::path folder;
    std::vector<std::string> names;
  };
  std::vector<Level> open;
  const auto visit = [&](const fs::path& path) -> Result<void> {
    Found thing{path, custody::FileType::kRegular, {}, {}};
    if (const auto looked = LookAt(path, thing.status); !looked) {
      if (!IsLeftOut(path, start, Exclusion::What::kOther, options)) refused({path, looked.error()});
      return {};
    }
    const bool is_folder = S_ISDIR(thing.status.st_mode);
    if (is_folder && options.excluded.contains({thing.status.st_dev, thing.status.st_ino})) return {};
    if (IsLeftOut(path, start, is_folder ? Exclusion::What::kFolder : Exclusion::What::kOther, options)) return {};
    if (is_folder) {
      auto names = ListReversed(path, thing.status);
      if (names) {
        open.push_back({path, std::move(*names)});
      } else {
        refused({path, names.error()});
      }
      return {};
    }
    const auto type = TypeOf(path, thing.status.st_mode, options.devices);
    if (!type) {
      refused({path, type.error()});
      return {};
    }
    thing.type = *type;
    if (thing.type == custody::FileType::kSymbolicLink) {
      auto target = ReadLink(path);
      if (!target) {
        refused({path, target.error()});
        return {};
      }
      thing.link_target = std::move(*target);
    }
    return found(std::move(thing));
  };
  if (IsWithin(start, options.excluded)) {
    refused(
        {start,
         {ErrorCode::kInvalid, Format("{} is {}, or in it", Printable(start.native()), options.excluded_name), {}}});
    return {};
  }
  TRY_VOID(visit(start));
  while (!open.empty()) {
    if (open.back().names.empty()) {
      open.pop_back();
      continue;
    }
    const fs::path next = open.back().folder / open.back().names.back();
    open.back().names.pop_back();
    TRY_VOID(visit(next));
  }
  return {};
}

}  // namespace exhibit::intake
