#include "vault/base/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <thread>

#include "vault/base/bytes.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"

namespace exhibit {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

// A lock on the whole file that belongs to the open file.
struct ::flock WholeFile(short type) {
  struct ::flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

enum class Wait : std::uint8_t { kNo, kYes };

// 0, or what the system answers.
int Lock(const FileDescriptor& file, Wait wait) {
  struct ::flock wanted = WholeFile(F_WRLCK);
  if (::fcntl(file.get(), wait == Wait::kNo ? F_OFD_SETLK : F_OFD_SETLKW, &wanted) == 0) return 0;
  if (errno != EINVAL) return errno;
  // Linux before 3.15 has none that belong to the open file, but for those of flock. All processes there take these.
  return ::flock(file.get(), wait == Wait::kNo ? LOCK_EX | LOCK_NB : LOCK_EX) == 0 ? 0 : errno;
}

// The holder writes its process number into the file, for the message only.
std::string HolderOf(const FileDescriptor& file, const fs::path& path) {
  Bytes text(24);  // longer than any number
  const auto got = ReadFullAt(file, 0, text, path);
  const std::string_view number = TextOf(ByteView(text).first(got.value_or(0)));
  return FromDecimal(number) ? Format(" (process {})", number) : std::string();
}

Failure Busy(const LockPurpose& purpose, const std::string& holder, const fs::path& path) {
  return Fail(ErrorCode::kBusy,
              Format("another process{} {}: {} is locked", holder, purpose.is_doing, Printable(path.native())),
              std::string(purpose.hint));
}

Result<FileDescriptor> OpenLock(const fs::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return Fail(SystemError("write to", path, errno));
  return file;
}

FileDescriptor OpenFolder(const fs::path& folder) {
  return FileDescriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace

Result<void> FileLock::CheckPlace(const fs::path& path) {
  TRY(const FileDescriptor file, OpenLock(path));
  return {};
}

Result<FileLock> FileLock::Acquire(const fs::path& path, const LockPurpose& purpose,
                                   std::optional<std::chrono::milliseconds> patience,
                                   const std::atomic<bool>* interrupted) {
  TRY(FileDescriptor file, OpenLock(path));
  const auto begun = steady_clock::now();
  while (const int error = Lock(file, patience ? Wait::kNo : Wait::kYes)) {
    if (error == EINTR) continue;
    if (error != EAGAIN && error != EACCES) return Fail(SystemError("lock", path, error));
    TRY_VOID(StopIfAsked(interrupted));
    if (steady_clock::now() - begun >= *patience) return Busy(purpose, HolderOf(file, path), path);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  const std::string number = std::to_string(::getpid());
  if (::ftruncate(file.get(), 0) != 0) return Fail(SystemError("write", path, errno));
  TRY_VOID(WriteFull(file, ViewOf(number), path));
  return FileLock(std::move(file));
}

Result<FileLock> FileLock::AcquireFolder(const fs::path& folder, const LockPurpose& purpose) {
  FileDescriptor lock = OpenFolder(folder);
  if (!lock) return Fail(SystemError("open folder", folder, errno));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return FileLock(std::move(lock));
  if (errno == EWOULDBLOCK) return Busy(purpose, {}, folder);
  return Fail(SystemError("lock", folder, errno));
}

FileLock FileLock::AwaitFolder(const fs::path& folder) {
  FileDescriptor lock = OpenFolder(folder);
  while (lock && ::flock(lock.get(), LOCK_EX) != 0 && errno == EINTR) {
  }
  return FileLock(std::move(lock));
}

LockSign LookAtLock(const fs::path& path) {
  LockSign sign;
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return sign;  // nobody ever took it, or nobody can
  struct ::stat status {};
  if (::fstat(file.get(), &status) == 0) {
    sign.last_taken_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  }
  struct ::flock probe = WholeFile(F_RDLCK);
  sign.is_held = ::fcntl(file.get(), F_OFD_GETLK, &probe) == 0 && probe.l_type != F_UNLCK;
  return sign;
}

}  // namespace exhibit
