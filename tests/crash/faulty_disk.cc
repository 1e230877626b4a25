// A disk that fails at a step that is told: a library to be preloaded into a program under test.
//
// It stands before the calls of the C library that change what is stored below one folder, counts
// them (each that changes something is a step: a sync too, a folder that is there already not), and
// at one step does what the environment says:
//
//   EXHIBIT_FAULT_BELOW      the folder, absolute and without links
//   EXHIBIT_FAULT_STEP       the step, from 1; 0 for none
//   EXHIBIT_FAULT            kill    the program gets SIGKILL before the step
//                            eio     the step fails with EIO and does nothing
//                            enospc  from the step on the disk is full: what needs space fails with
//                                    ENOSPC; a write gets half of its bytes down first
//   EXHIBIT_FAULT_TRACE      a file that gets a line for each step: its number, call and path
//   EXHIBIT_FAULT_POWER_CUT  a folder to make when the program ends, killed here or by itself: what
//                            a power cut at that moment would leave (durable_tree.h has the model)
//   EXHIBIT_FAULT_TORN       the same with a part of what was not synced, by chance,
//   EXHIBIT_FAULT_SEED       which this number decides
//
// What it cannot see: writes through stdio (fopen for writing is therefore refused aloud), writable
// shared mappings, io_uring, sendfile and copies within the kernel. Neither the vault nor its
// RocksDB use these below a vault's folder.
//
// Calls go straight to the kernel by syscall(), so that it does not matter which library, a
// sanitizer's runtime for one, stands in which order. One mutex is held from before a step to after
// it: what is counted and what is done cannot come apart between threads.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>

#include "tests/crash/durable_tree.h"

namespace exhibit::crash {
namespace {

namespace fs = std::filesystem;

// Calls that are made by this library itself, the model's among them, are not steps.
thread_local bool own_call = false;

enum class Needs { kSpace, kNothing, kDurability, kDurabilityOfAll };

std::string Setting(const char* name) {
  const char* const value = ::getenv(name);
  return value == nullptr ? std::string() : value;
}

class Disk {
 public:
  static Disk& Instance() {
    static Disk* const disk = new Disk;  // never destroyed: threads may write until the very end
    return *disk;
  }

  bool Watches(const fs::path& path) const {
    const std::string_view text = path.native();
    return !own_call && !root_.empty() && text.starts_with(root_) &&
           (text.size() == root_.size() || text[root_.size()] == '/');
  }

  // Does a step, or lets it fail. `act` makes the call and gives its result, as a system call does;
  // it is told whether to do only half of it.
  template <typename Act>
  long Step(std::string_view call, const fs::path& path, Needs needs, Act act, int descriptor = -1) {
    const std::lock_guard lock(mutex_);
    own_call = true;
    const long result = StepLocked(call, path, needs, act, descriptor);
    const int error = errno;
    own_call = false;
    errno = error;
    return result;
  }

  void BeforeRemoval(const fs::path& path) {
    if (tree_) tree_->BeforeRemoval(path);
  }

  void End() {
    const std::lock_guard lock(mutex_);
    own_call = true;
    Cut();
    tree_.reset();
    own_call = false;
  }

 private:
  Disk()
      : root_(Setting("EXHIBIT_FAULT_BELOW")),
        fault_(Setting("EXHIBIT_FAULT")),
        power_cut_(Setting("EXHIBIT_FAULT_POWER_CUT")),
        torn_(Setting("EXHIBIT_FAULT_TORN")),
        seed_(std::strtoull(Setting("EXHIBIT_FAULT_SEED").c_str(), nullptr, 10)),
        fault_step_(std::strtoull(Setting("EXHIBIT_FAULT_STEP").c_str(), nullptr, 10)) {
    own_call = true;
    const std::string trace = Setting("EXHIBIT_FAULT_TRACE");
    if (!trace.empty()) trace_ = ::open(trace.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (!root_.empty()) tree_ = std::make_unique<DurableTree>(root_);
    own_call = false;
  }

  template <typename Act>
  long StepLocked(std::string_view call, const fs::path& path, Needs needs, Act act, int descriptor) {
    ++step_;
    Trace(call, path);
    if (step_ == fault_step_) {
      if (fault_ == "kill") {
        Cut();
        ::kill(::getpid(), SIGKILL);
        for (;;) ::pause();
      }
      if (fault_ == "eio") {
        if (needs == Needs::kDurability && tree_) tree_->SyncFailed(descriptor);
        if (needs == Needs::kDurabilityOfAll && tree_) tree_->AllSyncsFailed();
        return Refuse(EIO);
      }
      if (fault_ == "enospc") {
        full_ = true;
        // A disk is full in the middle of a write.
        if (call == "write" || call == "pwrite") {
          const long half = act(true);
          if (half != 0) return half;
        }
      }
    }
    if (full_ && needs == Needs::kSpace) return Refuse(ENOSPC);
    const long result = act(false);
    const int error = errno;
    if (needs == Needs::kDurability && result == 0 && tree_) tree_->Synced(descriptor);
    if (needs == Needs::kDurabilityOfAll && result == 0 && tree_) tree_->AllSynced();
    errno = error;
    return result;
  }

  static long Refuse(int error) {
    errno = error;
    return -1;
  }

  void Cut() {
    if (!tree_) return;
    if (!power_cut_.empty()) tree_->WriteTo(power_cut_);
    if (!torn_.empty()) tree_->WriteTornTo(torn_, seed_);
  }

  void Trace(std::string_view call, const fs::path& path) const {
    if (trace_ < 0) return;
    std::string line = std::to_string(step_) + " ";
    line.append(call).append(" ").append(path.native().substr(root_.size())).append("\n");
    if (::write(trace_, line.data(), line.size()) < 0) return;
  }

  std::string root_;
  std::string fault_;
  std::string power_cut_;
  std::string torn_;
  std::uint64_t seed_;
  std::uint64_t fault_step_;
  std::uint64_t step_ = 0;
  bool full_ = false;
  int trace_ = -1;
  std::mutex mutex_;
  std::unique_ptr<DurableTree> tree_;
};

// Runs when the program ends by itself.
[[gnu::destructor]] void AtEnd() { Disk::Instance().End(); }

fs::path PathOf(int descriptor) {
  char text[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t size = ::readlink(link.c_str(), text, sizeof text);
  return size < 0 ? fs::path() : fs::path(std::string(text, static_cast<std::size_t>(size)));
}

fs::path PathAt(int folder, const char* path) {
  fs::path full(path);
  if (full.is_relative()) full = (folder == AT_FDCWD ? fs::current_path() : PathOf(folder)) / full;
  return full.lexically_normal();
}

bool IsThere(const fs::path& path) {
  struct ::stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

long Raw(long number, auto... arguments) { return ::syscall(number, arguments...); }

template <typename Act>
long OnDescriptor(const char* call, int descriptor, Needs needs, Act act) {
  if (own_call) return act(false);
  const fs::path path = PathOf(descriptor);
  if (!Disk::Instance().Watches(path)) return act(false);
  return Disk::Instance().Step(call, path, needs, act, descriptor);
}

template <typename Act>
long OnPath(const char* call, const fs::path& path, Needs needs, Act act) {
  if (own_call || !Disk::Instance().Watches(path)) return act();
  return Disk::Instance().Step(call, path, needs, [&](bool) { return act(); });
}

// A name goes away, or what stood under it does.
template <typename Act>
long OnRemoval(const char* call, const fs::path& path, Act act) {
  if (own_call || !Disk::Instance().Watches(path) || !IsThere(path)) return act();
  return Disk::Instance().Step(call, path, Needs::kNothing, [&](bool) {
    Disk::Instance().BeforeRemoval(path);
    return act();
  });
}

int Open(int folder, const char* name, int flags, mode_t mode) {
  const auto act = [&] { return Raw(SYS_openat, folder, name, flags, mode); };
  if (own_call || (flags & (O_CREAT | O_TRUNC)) == 0) return static_cast<int>(act());
  const fs::path path = PathAt(folder, name);
  const bool is_new = !IsThere(path);
  if (!is_new && (flags & O_TRUNC) == 0) return static_cast<int>(act());
  return static_cast<int>(OnPath(is_new ? "create" : "open-truncate", path, Needs::kSpace, act));
}

ssize_t Write(const char* call, int descriptor, std::size_t size, auto act) {
  return OnDescriptor(call, descriptor, Needs::kSpace, [&](bool half) { return act(half ? size / 2 : size); });
}

ssize_t WriteVector(const char* call, int descriptor, auto act) {
  return OnDescriptor(call, descriptor, Needs::kSpace, [&](bool) { return act(); });
}

int Sync(const char* call, long number, int descriptor, Needs needs = Needs::kDurability) {
  return static_cast<int>(OnDescriptor(call, descriptor, needs, [&](bool) { return Raw(number, descriptor); }));
}

int MakeFolder(int folder, const char* name, mode_t mode) {
  const auto act = [&] { return Raw(SYS_mkdirat, folder, name, mode); };
  const fs::path path = PathAt(folder, name);
  if (own_call || IsThere(path)) return static_cast<int>(act());
  return static_cast<int>(OnPath("mkdir", path, Needs::kSpace, act));
}

int Rename(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  const fs::path path = PathAt(to_folder, to);
  const bool watched = !own_call && Disk::Instance().Watches(path);
  return static_cast<int>(OnPath("rename", path, Needs::kNothing, [&] {
    if (watched) Disk::Instance().BeforeRemoval(path);
    return Raw(SYS_renameat2, from_folder, from, to_folder, to, flags);
  }));
}

int Unlink(int folder, const char* name, int flags) {
  return static_cast<int>(OnRemoval((flags & AT_REMOVEDIR) != 0 ? "rmdir" : "unlink", PathAt(folder, name),
                                    [&] { return Raw(SYS_unlinkat, folder, name, flags); }));
}

int Link(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  return static_cast<int>(OnPath("link", PathAt(to_folder, to), Needs::kSpace,
                                 [&] { return Raw(SYS_linkat, from_folder, from, to_folder, to, flags); }));
}

FILE* OpenStream(const char* name, const char* mode) {
  if (!own_call && std::strpbrk(mode, "wa+") != nullptr && Disk::Instance().Watches(PathAt(AT_FDCWD, name))) {
    ::fprintf(stderr, "faulty_disk: %s is written through stdio, which cannot be watched\n", name);
    ::abort();
  }
  using Function = FILE* (*)(const char*, const char*);
  static const auto next = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "fopen"));
  return next(name, mode);
}

}  // namespace
}  // namespace exhibit::crash

// The calls themselves, under each name that the C library has for them. On 64-bit systems the
// names that end in 64 are the same.
namespace crash = exhibit::crash;

extern "C" {

// NOLINTBEGIN: names, variadic arguments and exception specifications are the C library's.
#define EXHIBIT_OPEN(name, ...)                         \
  mode_t mode = 0;                                      \
  if ((flags & (O_CREAT | O_TMPFILE)) != 0) {           \
    va_list rest;                                       \
    va_start(rest, flags);                              \
    mode = static_cast<mode_t>(va_arg(rest, unsigned)); \
    va_end(rest);                                       \
  }                                                     \
  return crash::Open(__VA_ARGS__, name, flags, mode)

int open(const char* name, int flags, ...) { EXHIBIT_OPEN(name, AT_FDCWD); }
int open64(const char* name, int flags, ...) { EXHIBIT_OPEN(name, AT_FDCWD); }
int openat(int folder, const char* name, int flags, ...) { EXHIBIT_OPEN(name, folder); }
int openat64(int folder, const char* name, int flags, ...) { EXHIBIT_OPEN(name, folder); }
int creat(const char* name, mode_t mode) { return crash::Open(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char* name, mode_t mode) { return creat(name, mode); }
FILE* fopen(const char* name, const char* mode) { return crash::OpenStream(name, mode); }
FILE* fopen64(const char* name, const char* mode) { return crash::OpenStream(name, mode); }

ssize_t write(int file, const void* bytes, size_t size) {
  return crash::Write("write", file, size, [&](size_t some) { return crash::Raw(SYS_write, file, bytes, some); });
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  return crash::Write("pwrite", file, size,
                      [&](size_t some) { return crash::Raw(SYS_pwrite64, file, bytes, some, at); });
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) { return pwrite(file, bytes, size, at); }
ssize_t writev(int file, const iovec* parts, int count) {
  return crash::WriteVector("writev", file, [&] { return crash::Raw(SYS_writev, file, parts, count); });
}
ssize_t pwritev(int file, const iovec* parts, int count, off_t at) {
  return crash::WriteVector("pwritev", file, [&] { return crash::Raw(SYS_pwritev, file, parts, count, at, 0L); });
}
ssize_t pwritev64(int file, const iovec* parts, int count, off64_t at) { return pwritev(file, parts, count, at); }

int fsync(int file) { return crash::Sync("fsync", SYS_fsync, file); }
int fdatasync(int file) { return crash::Sync("fdatasync", SYS_fdatasync, file); }
int syncfs(int file) noexcept { return crash::Sync("syncfs", SYS_syncfs, file, crash::Needs::kDurabilityOfAll); }
int sync_file_range(int file, off64_t at, off64_t size, unsigned flags) {
  const auto act = [&](bool) { return crash::Raw(SYS_sync_file_range, file, at, size, flags); };
  // RocksDB asks with this whether the kernel has the call at all, and takes no "maybe".
  const bool only_asks = flags == 0;
  return static_cast<int>(only_asks ? act(false)
                                    : crash::OnDescriptor("sync_file_range", file, crash::Needs::kNothing, act));
}

int ftruncate(int file, off_t size) noexcept {
  return static_cast<int>(crash::OnDescriptor("ftruncate", file, crash::Needs::kNothing,
                                              [&](bool) { return crash::Raw(SYS_ftruncate, file, size); }));
}
int ftruncate64(int file, off64_t size) noexcept { return ftruncate(file, size); }
int truncate(const char* name, off_t size) noexcept {
  return static_cast<int>(crash::OnPath("truncate", crash::PathAt(AT_FDCWD, name), crash::Needs::kNothing,
                                        [&] { return crash::Raw(SYS_truncate, name, size); }));
}
int truncate64(const char* name, off64_t size) noexcept { return truncate(name, size); }
int fallocate(int file, int mode, off_t at, off_t size) {
  return static_cast<int>(crash::OnDescriptor("fallocate", file, crash::Needs::kSpace,
                                              [&](bool) { return crash::Raw(SYS_fallocate, file, mode, at, size); }));
}
int fallocate64(int file, int mode, off64_t at, off64_t size) { return fallocate(file, mode, at, size); }
int posix_fallocate(int file, off_t at, off_t size) { return fallocate(file, 0, at, size) == 0 ? 0 : errno; }
int posix_fallocate64(int file, off64_t at, off64_t size) { return posix_fallocate(file, at, size); }

int rename(const char* from, const char* to) noexcept { return crash::Rename(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  return crash::Rename(from_folder, from, to_folder, to, 0);
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  return crash::Rename(from_folder, from, to_folder, to, flags);
}
int link(const char* from, const char* to) noexcept { return crash::Link(AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
  return crash::Link(from_folder, from, to_folder, to, flags);
}
int unlink(const char* name) noexcept { return crash::Unlink(AT_FDCWD, name, 0); }
int unlinkat(int folder, const char* name, int flags) noexcept { return crash::Unlink(folder, name, flags); }
int rmdir(const char* name) noexcept { return crash::Unlink(AT_FDCWD, name, AT_REMOVEDIR); }
int remove(const char* name) noexcept {
  const int result = unlink(name);
  return result != 0 && errno == EISDIR ? rmdir(name) : result;
}

int mkdir(const char* name, mode_t mode) noexcept { return crash::MakeFolder(AT_FDCWD, name, mode); }
int mkdirat(int folder, const char* name, mode_t mode) noexcept { return crash::MakeFolder(folder, name, mode); }
// The C library's own makes the folder by a call within itself, which nothing can stand before.
char* mkdtemp(char* pattern) noexcept {
  char* const tail = pattern + std::strlen(pattern) - 6;
  std::random_device random;
  for (;;) {
    for (int i = 0; i < 6; ++i) tail[i] = static_cast<char>('a' + random() % 26);
    if (mkdir(pattern, 0700) == 0) return pattern;
    if (errno != EEXIST) return nullptr;
  }
}
// NOLINTEND

}  // extern "C"
