#include "vault/store/lock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <thread>

#include "vault/base/bytes.h"
#include "vault/base/encoding.h"
#include "vault/base/text.h"

namespace exhibit::store {
namespace {

using std::chrono::steady_clock;

// A lock on the whole file that belongs to the open file, not to the process: two writers in one
// process exclude each other as well.
struct ::flock WholeFile(short type) {
  struct ::flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

// The holder writes its process number into the file, for the message only.
std::string HolderOf(const FileDescriptor& file) {
  char text[24] = {};
  const ssize_t got = ::pread(file.get(), text, sizeof text - 1, 0);
  const std::string_view number(text, got > 0 ? static_cast<std::size_t>(got) : 0);
  return FromDecimal(number) ? " (process " + std::string(number) + ")" : std::string();
}

Result<FileDescriptor> OpenLock(const std::filesystem::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return Fail(SystemError("write to", path, errno));
  return file;
}

}  // namespace

Result<void> WriterLock::CheckPlace(const std::filesystem::path& path) {
  TRY(const FileDescriptor file, OpenLock(path));
  return {};
}

Result<WriterLock> WriterLock::Acquire(const std::filesystem::path& path, std::chrono::milliseconds patience) {
  TRY(FileDescriptor file, OpenLock(path));
  const auto deadline = steady_clock::now() + patience;
  struct ::flock wanted = WholeFile(F_WRLCK);
  while (::fcntl(file.get(), F_OFD_SETLK, &wanted) != 0) {
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EACCES) return Fail(SystemError("lock", path, errno));
    if (steady_clock::now() >= deadline) {
      return Fail(
          ErrorCode::kBusy,
          "another process" + HolderOf(file) + " is writing to this vault: " + Printable(path.native()) + " is locked",
          "wait until it has finished, or let this command wait: --wait");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  const std::string number = std::to_string(::getpid());
  if (::ftruncate(file.get(), 0) != 0) return Fail(SystemError("write", path, errno));
  TRY_VOID(WriteFull(file, ViewOf(number), path));
  return WriterLock(std::move(file));
}

WriterSign LookForWriter(const std::filesystem::path& path) {
  WriterSign sign;
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return sign;  // nobody ever wrote, or nobody can
  struct ::stat status {};
  if (::fstat(file.get(), &status) == 0) {
    sign.last_started_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  }
  struct ::flock probe = WholeFile(F_RDLCK);
  sign.active = ::fcntl(file.get(), F_OFD_GETLK, &probe) == 0 && probe.l_type != F_UNLCK;
  return sign;
}

}  // namespace exhibit::store
