#include "vault/intake/file_source.h"

#include <fcntl.h>

#include <cerrno>

#include "vault/base/text.h"

namespace exhibit::intake {
namespace {

bool SameTime(const timespec& a, const timespec& b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

}  // namespace

FileSource::FileSource(FileDescriptor file, std::filesystem::path path, const struct ::stat& status)
    : file_(std::move(file)), path_(std::move(path)), status_(status) {}

Result<FileSource> FileSource::Open(const std::filesystem::path& path, const struct ::stat& status) {
  TRY(FileDescriptor file, OpenForReading(path));
  struct ::stat now {};
  if (::fstat(file.get(), &now) != 0) return Fail(SystemError("look at", path, errno));
  if (now.st_dev != status.st_dev || now.st_ino != status.st_ino ||
      (now.st_mode & S_IFMT) != (status.st_mode & S_IFMT)) {
    return Fail(ErrorCode::kInvalid, Printable(path.native()) + ": another file was put in its place");
  }
  // Only a hint to the system's read-ahead.
  (void)::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  return FileSource(std::move(file), path, now);
}

FileSource FileSource::FromDescriptor(FileDescriptor file, std::filesystem::path name) {
  struct ::stat status {};
  status.st_mode = S_IFIFO;
  return {std::move(file), std::move(name), status};
}

Result<std::size_t> FileSource::Read(MutableByteView buffer) { return ReadFull(file_, buffer, path_); }

Result<bool> FileSource::Changed() const {
  if (!S_ISREG(status_.st_mode)) return false;
  struct ::stat now {};
  if (::fstat(file_.get(), &now) != 0) return Fail(SystemError("look at", path_, errno));
  return now.st_size != status_.st_size || !SameTime(now.st_mtim, status_.st_mtim) ||
         !SameTime(now.st_ctim, status_.st_ctim);
}

}  // namespace exhibit::intake
