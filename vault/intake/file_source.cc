#include "vault/intake/file_source.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "vault/base/interrupt.h"
#include "vault/base/long_path.h"
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

FileSource FileSource::FromDescriptor(FileDescriptor file, std::filesystem::path name,
                                      const std::atomic<bool>* interrupted) {
  struct ::stat status {};
  status.st_mode = S_IFIFO;
  FileSource source(std::move(file), std::move(name), status);
  source.interrupted_ = interrupted;
  return source;
}

Result<std::size_t> FileSource::Read(MutableByteView buffer) {
  TRY(const std::size_t got, S_ISFIFO(status_.st_mode) ? ReadAsItComes(buffer) : ReadFull(file_, buffer, path_));
  read_ += got;
  return got;
}

// A stream may be idle for hours. Whoever waits in read() may have missed the signal that came just before; whoever
// waits for a moment at a time has not.
Result<std::size_t> FileSource::ReadAsItComes(MutableByteView buffer) {
  constexpr int kMoment = 100;  // milliseconds
  std::size_t done = 0;
  while (done < buffer.size()) {
    TRY_VOID(StopIfAsked(interrupted_));
    ::pollfd wait{file_.get(), POLLIN, 0};
    const int ready = ::poll(&wait, 1, kMoment);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    if (ready < 0) return Fail(SystemError("read", path_, errno));
    const ssize_t got = ::read(file_.get(), buffer.data() + done, buffer.size() - done);
    if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) continue;
    if (got < 0) return Fail(SystemError("read", path_, errno));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<bool> FileSource::Changed() const {
  if (!S_ISREG(status_.st_mode)) return false;
  struct ::stat now {};
  if (::fstat(file_.get(), &now) != 0) return Fail(SystemError("look at", path_, errno));
  return now.st_size != status_.st_size || !SameTime(now.st_mtim, status_.st_mtim) ||
         !SameTime(now.st_ctim, status_.st_ctim);
}

bool FileSource::WouldReadLess() const {
  struct ::stat there {};
  const auto at = LongPath::Reach(path_);
  if (!at || ::fstatat(at->folder(), at->rest(), &there, AT_SYMLINK_NOFOLLOW) != 0) return true;
  if (there.st_dev != status_.st_dev || there.st_ino != status_.st_ino) return true;
  return static_cast<std::uint64_t>(there.st_size) < read_;
}

}  // namespace exhibit::intake
