#include "vault/store/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <thread>

#include "vault/base/encoding.h"
#include "vault/base/text.h"

namespace exhibit::store {
namespace {

using std::chrono::steady_clock;

// The holder writes its process number into the file, for the message only.
std::string HolderOf(const FileDescriptor& file) {
  char text[24] = {};
  const ssize_t got = ::pread(file.get(), text, sizeof text - 1, 0);
  const std::string_view number(text, got > 0 ? static_cast<std::size_t>(got) : 0);
  return FromDecimal(number) ? " (process " + std::string(number) + ")" : std::string();
}

}  // namespace

Result<WriterLock> WriterLock::Acquire(const std::filesystem::path& path,
                                       std::chrono::milliseconds patience) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return Fail(SystemError("open", path, errno));
  const auto deadline = steady_clock::now() + patience;
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return Fail(SystemError("lock", path, errno));
    if (steady_clock::now() >= deadline) {
      return Fail(ErrorCode::kBusy,
                  "another process" + HolderOf(file) + " is writing to this vault: " +
                      Printable(path.native()) + " is locked",
                  "wait until it has finished, or let this command wait: --wait");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  const std::string number = std::to_string(::getpid());
  if (::ftruncate(file.get(), 0) != 0 ||
      ::pwrite(file.get(), number.data(), number.size(), 0) != static_cast<ssize_t>(number.size())) {
    return Fail(SystemError("write", path, errno));
  }
  return WriterLock(std::move(file));
}

}  // namespace exhibit::store
