// One at a time: an advisory lock on a file or a folder. The system takes it back when the process ends, however it
// ends. Each lock belongs to the one who took it, not to the process: two in one process exclude each other as well.
//
// The caller says what the holder does (LockPurpose), because a person reads the message: a collector's folder that is in
// use is not called a vault.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "vault/base/error.h"
#include "vault/base/file.h"

namespace exhibit {

// What the holder of a lock does with it: "another process (process 812) is writing to this vault".
struct LockPurpose {
  std::string_view is_doing;  // "is writing to this vault"
  std::string_view hint;      // what to do about it
};

class FileLock {
 public:
  // Fails as Acquire would where this user may not write. Call it before the user is asked for anything. It does not
  // look whether somebody holds the lock.
  static Result<void> CheckPlace(const std::filesystem::path& file);

  // Makes the lock file if it is not there. Waits at most `patience` for another holder to finish, then fails with
  // kBusy, naming the process where it can be told. Zero does not wait; nothing waits as long as it takes.
  // kInterrupted as soon as `interrupted` is set while it waits with patience.
  static Result<FileLock> Acquire(const std::filesystem::path& file, const LockPurpose& purpose,
                                  std::optional<std::chrono::milliseconds> patience,
                                  const std::atomic<bool>* interrupted = nullptr);

  // On the folder itself. kBusy at once if another has it.
  static Result<FileLock> AcquireFolder(const std::filesystem::path& folder, const LockPurpose& purpose);

  // Waits for its turn at a folder in which files are replaced, for a moment each. Where the file system has no such
  // locks, or the folder is not there, it goes without.
  static FileLock AwaitFolder(const std::filesystem::path& folder);

 private:
  explicit FileLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

// Whether somebody holds the lock of a file, for readers that want to know if what they saw may be work in progress.
// Takes no lock, so that nobody is ever kept out by a reader.
struct LockSign {
  bool is_held = false;
  std::int64_t last_taken_ns = 0;  // changes when somebody takes it
  bool operator==(const LockSign&) const = default;
};
LockSign LookAtLock(const std::filesystem::path& file);

}  // namespace exhibit
