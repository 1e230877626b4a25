#include "vault/base/fenced_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit {
namespace {

namespace fs = std::filesystem;

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

bool IsPlainName(std::string_view part) {
  return !part.empty() && part != "." && part != ".." && part.find('/') == std::string_view::npos &&
         part.find('\0') == std::string_view::npos;
}

// The folder of this name, made if there is none.
Result<FileDescriptor> Enter(int above, const std::string& name, const fs::path& path) {
  if (::mkdirat(above, name.c_str(), 0700) != 0 && errno != EEXIST)
    return Fail(SystemError("create folder", path, errno));
  FileDescriptor folder(::openat(above, name.c_str(), kFolderFlags));
  if (folder) return folder;
  if (errno == ELOOP || errno == ENOTDIR)
    return Fail(ErrorCode::kInvalid, Printable(path.native()) + " is no folder: somebody else put it there");
  return Fail(SystemError("open folder", path, errno));
}

// Never replaces what is there.
Result<void> Rename(int folder, const std::string& from, const std::string& to, const fs::path& path) {
  if (::renameat2(folder, from.c_str(), folder, to.c_str(), RENAME_NOREPLACE) == 0) return {};
  // Some file systems, such as NFS and exFAT, cannot do it. There the empty file that is replaced is our own.
  if (errno != EINVAL) return Fail(SystemError("rename to", path, errno));
  const FileDescriptor held(::openat(folder, to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!held) return Fail(SystemError("create", path, errno));
  if (::renameat(folder, from.c_str(), folder, to.c_str()) == 0) return {};
  const int error_number = errno;
  (void)::unlinkat(folder, to.c_str(), 0);
  return Fail(SystemError("rename to", path, error_number));
}

bool Dress(int file, const FencedFolder::Looks& looks) {
  const timespec unchanged{0, UTIME_OMIT};
  const timespec times[2] = {looks.accessed.value_or(unchanged), looks.modified.value_or(unchanged)};
  const bool has_mode = ::fchmod(file, looks.mode & 0777) == 0;
  return ::futimens(file, times) == 0 && has_mode;
}

}  // namespace

FencedFolder::File::File(File&& other) noexcept
    : folder_(std::move(other.folder_)),
      file_(std::move(other.file_)),
      unfinished_(std::exchange(other.unfinished_, {})),
      name_(std::move(other.name_)),
      path_(std::move(other.path_)) {}

FencedFolder::File::~File() {
  if (!unfinished_.empty()) (void)::unlinkat(folder_.get(), unfinished_.c_str(), 0);
}

Result<FencedFolder::Taken> FencedFolder::File::Finish(const Looks& looks) {
  EXHIBIT_ASSERT(!unfinished_.empty());
  TRY_VOID(file_.Finish());
  const Taken taken = Dress(file_.file().get(), looks) ? Taken::kAll : Taken::kBytesAlone;
  TRY_VOID(Rename(folder_.get(), unfinished_, name_, path_));
  unfinished_.clear();
  return taken;
}

Result<FencedFolder> FencedFolder::Make(fs::path path) {
  if (::mkdir(path.c_str(), 0700) != 0) {
    if (errno == EEXIST) {
      return Fail(ErrorCode::kExists, Printable(path.native()) + " is there already",
                  "name a folder that is not there");
    }
    return Fail(SystemError("create folder", path, errno));
  }
  FileDescriptor folder(::open(path.c_str(), kFolderFlags));
  if (!folder) return Fail(SystemError("open folder", path, errno));
  TRY(TreeSync sync, TreeSync::Begin(path));
  return FencedFolder(std::move(path), std::move(folder), std::move(sync));
}

Result<FencedFolder::File> FencedFolder::Begin(const std::vector<std::string>& parts, ZeroBlocks zeros) {
  EXHIBIT_ASSERT(!parts.empty());
  for (const std::string& part : parts) EXHIBIT_ASSERT(IsPlainName(part));
  FileDescriptor folder(::fcntl(folder_.get(), F_DUPFD_CLOEXEC, 0));
  if (!folder) return Fail(SystemError("open folder", path_, errno));
  fs::path path = path_;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    path /= parts[i];
    TRY(folder, Enter(folder.get(), parts[i], path));
  }
  path /= parts.back();
  std::string unfinished = Format("{}{}-{}", kUnfinished, ::getpid(), ++begun_);
  FileDescriptor file(
      ::openat(folder.get(), unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return Fail(SystemError("create", path, errno));
  return File(std::move(folder), SparseWriter(std::move(file), path, zeros), std::move(unfinished), parts.back(), path);
}

void FencedFolder::RemoveIfEmpty() const { (void)::rmdir(path_.c_str()); }

}  // namespace exhibit
