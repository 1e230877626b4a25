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

bool IsUnchanged(const struct ::stat& before, const struct ::stat& now) {
  return before.st_size == now.st_size && SameTime(before.st_mtim, now.st_mtim) &&
         SameTime(before.st_ctim, now.st_ctim);
}

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
  // Only a hint to the system's read-ahead, and of no use for what is read at once.
  constexpr off_t kReadAtOnce = 128 << 10;
  if (!S_ISREG(now.st_mode) || now.st_size > kReadAtOnce)
    (void)::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  FileSource source(std::move(file), path, now);
  source.lost_bytes_ = S_ISREG(now.st_mode) && now.st_size < status.st_size;
  source.holes_ = HolePasser(source.file_, now);
  return source;
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
  if (S_ISFIFO(status_.st_mode)) return ReadAsItComes(buffer);
  auto got = ReadFull(file_, buffer, path_);
  if (!got) return ReadWhatCanBe(buffer);
  read_ += *got;
  return *got;
}

// After an error: the same bytes again, as far as they go. The next ones are read as before.
Result<std::size_t> FileSource::ReadWhatCanBe(MutableByteView buffer) {
  const std::size_t got = salvage_.ReadAt(file_, read_, buffer, path_);
  read_ += got;
  cut_ = salvage_.broken_off();
  if (cut_ && read_ == 0) return Fail(*cut_);
  (void)::lseek(file_.get(), static_cast<off_t>(read_), SEEK_SET);
  return got;
}

bool FileSource::PassOverZeros(std::size_t bytes) {
  const bool passed = holes_.PassOver(file_, bytes);
  if (passed) read_ += bytes;
  return passed;
}

// A stream may be idle for hours. Whoever waits in read() may have missed the signal that came just before; whoever
// waits for a moment at a time has not.
std::size_t FileSource::ReadAsItComes(MutableByteView buffer) {
  constexpr int kMoment = 100;  // milliseconds
  std::size_t done = 0;
  const auto fail = [&] { cut_ = SystemError("read", path_, errno); };
  while (done < buffer.size() && !cut_) {
    if (auto asked = StopIfAsked(interrupted_); !asked) {
      cut_ = std::move(asked).error();
      break;
    }
    ::pollfd wait{file_.get(), POLLIN, 0};
    const int ready = ::poll(&wait, 1, kMoment);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    if (ready < 0) {
      fail();
      break;
    }
    const ssize_t got = ::read(file_.get(), buffer.data() + done, buffer.size() - done);
    if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) continue;
    if (got < 0) fail();
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<bool> FileSource::Changed() const {
  if (!S_ISREG(status_.st_mode)) return false;
  if (lost_bytes_) return true;
  struct ::stat now {};
  if (::fstat(file_.get(), &now) != 0) return Fail(SystemError("look at", path_, errno));
  return !IsUnchanged(status_, now);
}

bool FileSource::WouldReadLess() const {
  struct ::stat there {};
  const auto at = LongPath::Reach(path_);
  if (!at || ::fstatat(at->folder(), at->rest(), &there, AT_SYMLINK_NOFOLLOW) != 0) return true;
  if (there.st_dev != status_.st_dev || there.st_ino != status_.st_ino) return true;
  return static_cast<std::uint64_t>(there.st_size) < read_;
}

}  // namespace exhibit::intake
