// Files: whole small ones read with a bound and written so that a crash leaves the old or the new,
// and descriptors that close themselves.
//
// Nothing here overwrites a file except `ReplaceFile`, whose name says so. A write that returned is
// on the disk: the file was synced, and so was the folder that names it.
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

// What to do about a disk that is full, or that does not do what it was told.
inline constexpr std::string_view kHintDiskFull = "make room on this disk, then run it again";
inline constexpr std::string_view kHintDiskFails =
    "the disk or the way to it is failing: see what the system's log says of it (dmesg) before you go on";

inline constexpr std::string_view kHintFileSize =
    "a limit of the size of files was met: that of this process (ulimit -f), or of the file system";
inline constexpr std::string_view kHintTooManyFiles =
    "the limit is that of `ulimit -n`: raise it, or close other programs";

// An error that says what was being done to which path and what the system answered. The code is
// kNotFound for ENOENT, kExists for EEXIST, kPermission for EACCES, EPERM and EROFS, kInvalid where a link or a
// folder is in the place of something else, else kIo. A full or failing disk gets a hint; a missing permission is
// called that, and the hint says whose the path is.
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

// Asks the system to begin now with bringing these bytes to the disk, so that whoever syncs them later waits less.
// A wish: nothing is durable by it, and what fails is told by that sync.
void BeginWriteBack(const FileDescriptor& file, std::uint64_t offset, std::uint64_t bytes);

// Makes the names in `folder` durable.
Result<void> SyncFolder(const std::filesystem::path& folder);

// Syncs every file and folder below `folder`, and it. Links are not followed.
Result<void> SyncEach(const std::filesystem::path& folder);

// Makes durable what is written below a folder from Begin to Finish, by one sync of the file system that holds
// it: a sync for each of a hundred thousand small files would wait for the disk as often. A file system that a
// program provides (FUSE) is not told of such a sync, so there SyncEach is called.
class TreeSync {
 public:
  TreeSync() = default;
  // `folder` is there. What the disk fails to write from here on is reported by Finish.
  static Result<TreeSync> Begin(std::filesystem::path folder);
  Result<void> Finish() const;

 private:
  TreeSync(std::filesystem::path folder, FileDescriptor descriptor)
      : folder_(std::move(folder)), descriptor_(std::move(descriptor)) {}
  std::filesystem::path folder_;
  FileDescriptor descriptor_;
};

// Writes zeros over all that the file holds, and syncs it. Where the file system does not write in place, and
// on flash memory, the old bytes may stay until their block is used again.
Result<void> OverwriteFile(const FileDescriptor& file, const std::filesystem::path& path);

// The whole file. kInvalid if it is longer than `limit_bytes`.
Result<Bytes> ReadFile(const std::filesystem::path& path, std::uint64_t limit_bytes);

// Writes a file that was not there, synced, with its folder. kExists if it was. After an error there
// is none; a crash can leave a part of it: use it where the folder as a whole becomes valid later.
Result<void> WriteNewFile(const std::filesystem::path& path, ByteView bytes, mode_t mode);

// Puts `bytes` in the place of `path` at one stroke: temporary name in the same folder, sync, rename,
// sync of the folder. After a crash the file is the old one or the new one.
Result<void> ReplaceFile(const std::filesystem::path& path, ByteView bytes, mode_t mode);

// Gives a finished folder its final name, durably. It takes the place of an empty folder and of
// nothing else. After an error it stands under its old name, or the message says otherwise.
Result<void> RenameFolder(const std::filesystem::path& from, const std::filesystem::path& to);

// Gives a finished, synced file its final name, durably. kExists if something stands there. Both are on one file
// system. After an error it may stand under either name; where the file system cannot rename only to what is not there,
// a crash can leave an empty file at `to`.
Result<void> RenameNewFile(const std::filesystem::path& from, const std::filesystem::path& to);

// True only if it is known that nothing has this name (a link to nothing has). Where that cannot be told, such as
// below a folder that may not be read, it may be there.
bool IsAbsent(const std::filesystem::path& path);

// Success if it is a folder, or a link to one. kNotFound if nothing or something else is there, kPermission if that may
// not be seen.
Result<void> CheckFolder(const std::filesystem::path& path);

// Whether nothing can be written there at all, so that all that is there is durable.
bool IsOnReadOnlyMedium(const std::filesystem::path& path);

// Creates the folder and those above it, mode 0700 for those it creates, and syncs their names.
Result<void> CreateFolders(const std::filesystem::path& path);

}  // namespace exhibit
