// Files: small ones are read whole, up to a bound, and written so that a crash leaves the old or the new
// one; descriptors close themselves.
//
// Only `ReplaceFile` overwrites a file. When a function returns success, what it wrote is on the disk: it
// synced the file and the folder that names it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <utility>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit {

// A file descriptor, closed when it goes. May be empty (-1).
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int get() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

// Hints for a disk that is full, or that fails.
inline constexpr std::string_view kHintDiskFull = "make room on this disk, then run it again";
inline constexpr std::string_view kHintDiskFails =
    "the disk or its connection is failing: read the system's log (dmesg) before you go on";

inline constexpr std::string_view kHintFileSize =
    "the file reached a limit of size: that of this process (ulimit -f), or that of the file system";
inline constexpr std::string_view kHintTooManyFiles = "raise the limit (`ulimit -n`), or close other programs";

// An error that names the operation, the path and the system's answer. The code is kNotFound for ENOENT, kExists for
// EEXIST, kPermission for EACCES, EPERM and EROFS, kInvalid if a link or a folder is where something else should be,
// else kIo. A full or failing disk gets a hint; after a missing permission the hint names the owner of the path.
Error SystemError(std::string_view action, const std::filesystem::path& path, int error_number);

// Opens for reading only; never waits on a FIFO, never follows a link in the last component.
Result<FileDescriptor> OpenForReading(const std::filesystem::path& path);

// Creates a file that was not there. kExists if it was; nothing is touched then.
Result<FileDescriptor> CreateNew(const std::filesystem::path& path, mode_t mode);

// Reads up to buffer.size() bytes, fewer only at the end of the file. `path` is for the message.
Result<std::size_t> ReadFull(const FileDescriptor& file, MutableByteView buffer, const std::filesystem::path& path);
// The same of the bytes from `offset` on, wherever others read.
Result<std::size_t> ReadFullAt(const FileDescriptor& file, std::uint64_t offset, MutableByteView buffer,
                               const std::filesystem::path& path);
Result<void> WriteFull(const FileDescriptor& file, ByteView bytes, const std::filesystem::path& path);
Result<void> SyncFile(const FileDescriptor& file, const std::filesystem::path& path);

// Asks the system to start writing these bytes to the disk now, so that a later sync waits less. It makes nothing
// durable; the later sync reports what failed.
void BeginWriteBack(const FileDescriptor& file, std::uint64_t offset, std::uint64_t bytes);

// Makes the names in `folder` durable.
Result<void> SyncFolder(const std::filesystem::path& folder);

// Syncs every file and folder below `folder`, and `folder` itself. Does not follow links.
Result<void> SyncEach(const std::filesystem::path& folder);

// Makes everything durable that is written below a folder between Begin and Finish, by one sync of its file system:
// a sync for each of a hundred thousand small files would wait for the disk a hundred thousand times. The kernel does
// not pass such a sync on to a file system that a program provides (FUSE); there SyncEach syncs each file.
class TreeSync {
 public:
  TreeSync() = default;
  // REQUIRES: `folder` exists. Finish reports every write that fails from here on.
  static Result<TreeSync> Begin(std::filesystem::path folder);
  Result<void> Finish() const;

 private:
  TreeSync(std::filesystem::path folder, FileDescriptor descriptor)
      : folder_(std::move(folder)), descriptor_(std::move(descriptor)) {}
  std::filesystem::path folder_;
  FileDescriptor descriptor_;
};

// Overwrites the whole file with zeros, and syncs it. On flash memory, and on a file system that does not write in
// place, the old bytes may stay until their block is used again.
Result<void> OverwriteFile(const FileDescriptor& file, const std::filesystem::path& path);

// The whole file. kInvalid if it is longer than `limit_bytes`.
Result<Bytes> ReadFile(const std::filesystem::path& path, std::uint64_t limit_bytes);

// Writes a new file and syncs it and its folder. kExists if the path exists. After an error there is no
// file. A crash can leave a part of it, so use it where the folder as a whole becomes valid later.
Result<void> WriteNewFile(const std::filesystem::path& path, ByteView bytes, mode_t mode);

// Replaces the content of `path` by `bytes` atomically: temporary name in the same folder, sync, rename,
// sync of the folder. After a crash the file is the old one or the new one.
Result<void> ReplaceFile(const std::filesystem::path& path, ByteView bytes, mode_t mode);

// Renames a finished folder to its final name, durably. It replaces an empty folder and nothing else. After
// an error it has its old name, unless the message says otherwise.
Result<void> RenameFolder(const std::filesystem::path& from, const std::filesystem::path& to);

// Renames a finished, synced file to its final name, durably. kExists if `to` exists. REQUIRES: both are on one file
// system. After an error it may have either name. If the file system cannot refuse to replace an existing file, a crash
// can leave an empty file at `to`.
Result<void> RenameNewFile(const std::filesystem::path& from, const std::filesystem::path& to);

// True only if it is certain that nothing has this name. A dangling link has it. False if that cannot be found out, as
// below a folder that may not be read.
bool IsAbsent(const std::filesystem::path& path);

// Success if it is a folder, or a link to one. kNotFound if it is something else or does not exist, kPermission if this
// user may not find out.
Result<void> CheckFolder(const std::filesystem::path& path);

// Whether nobody can write to this medium at all, so that everything on it is durable.
bool IsOnReadOnlyMedium(const std::filesystem::path& path);

// Creates the folder and those above it, mode 0700 for those it creates, and syncs their names.
Result<void> CreateFolders(const std::filesystem::path& path);

}  // namespace exhibit
