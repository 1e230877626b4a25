#include "vault/base/file.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "vault/base/format.h"
#include "vault/base/long_path.h"
#include "vault/base/machine.h"
#include "vault/base/replace_file.h"
#include "vault/base/text.h"

namespace exhibit {
namespace fs = std::filesystem;
namespace {

Result<FileDescriptor> OpenFolder(const fs::path& folder) {
  FileDescriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file) return Fail(SystemError("open folder", folder, errno));
  return file;
}

std::string UserInWords(uid_t id) {
  const auto name = NameOfUser(id);
  return name ? Printable(*name) : Format("user {}", id);
}

// Actions of somebody who expects that the path exists; to create or rename may fail for a folder above.
bool IsReading(std::string_view action) {
  return action == "open" || action == "open folder" || action == "look at" || action == "list";
}

// "nothere.txt does not exist (looked in /home/a)"
std::string DoesNotExist(const fs::path& path) {
  const std::string text = Printable(path.native()) + " does not exist";
  std::error_code unknown;
  const fs::path here = path.is_relative() ? fs::current_path(unknown) : fs::path();
  return here.empty() ? text : Format("{} (looked in {})", text, Printable(here.native()));
}

// The owner of the path, or of the innermost folder above it that may be looked at.
std::string HintOfOwner(fs::path path) {
  std::error_code error;
  path = fs::absolute(path, error);
  struct ::stat status {};
  while (::lstat(path.c_str(), &status) != 0) {
    if (!path.has_relative_path()) return {};
    path = path.parent_path();
  }
  char mode[16];
  std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(status.st_mode & 07777));
  const bool own = status.st_uid == ::geteuid();
  return Format("{} belongs to {} (mode {}), and you are {}", Printable(path.native()), UserInWords(status.st_uid),
                mode,
                own ? "that user: chmod it, or find out whether the system forbids it in another way"
                    : UserInWords(::geteuid()) + ": ask its owner, or run this as that user");
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Error SystemError(std::string_view action, const fs::path& path, int error_number) {
  const std::string name = Printable(path.native());
  // The signal came while the system waited: for somebody at the other end of a named pipe, or for a slow medium.
  if (error_number == EINTR) return {ErrorCode::kInterrupted, Format("{} {}: interrupted", action, name), {}};
  if (error_number == EACCES || error_number == EPERM) {
    const std::string what = action == "open" || action == "open folder" ? "read" : std::string(action);
    return {ErrorCode::kPermission, Format("no permission to {} {}", what, name), HintOfOwner(path)};
  }
  if (error_number == EROFS) {
    return {ErrorCode::kPermission, Format("{} {}: it is on a read-only medium", action, name),
            "use a disk that can be written"};
  }
  ErrorCode code = ErrorCode::kIo;
  if (error_number == ENOENT) {
    code = ErrorCode::kNotFound;
    if (IsReading(action)) return {code, DoesNotExist(path), {}};
  }
  if (error_number == EISDIR) return {ErrorCode::kInvalid, name + " is a folder, and a file is needed here", {}};
  if (error_number == ENOTDIR) {
    const bool is_meant = action == "list" || action == "open folder";
    return {ErrorCode::kInvalid,
            is_meant ? name + " is no folder" : Format("{} {}: a part of that path is no folder", action, name),
            {}};
  }
  if (error_number == EEXIST) {
    code = ErrorCode::kExists;
    if (action == "create") return {code, name + " is there already", "name a file that is not there"};
  }
  if (error_number == ELOOP) code = ErrorCode::kInvalid;
  // It may be told of one file among many, as something that could not be read, and a hint would be lost there.
  if (error_number == EMFILE || error_number == ENFILE)
    return {code, Format("{} {}: too many open files: {}", action, name, kHintTooManyFiles), {}};
  std::string hint;
  if (error_number == ENOSPC || error_number == EDQUOT) hint = kHintDiskFull;
  if (error_number == EIO) hint = kHintDiskFails;
  if (error_number == EFBIG) hint = kHintFileSize;
  return {code, std::string(action) + " " + name + ": " + std::generic_category().message(error_number),
          std::move(hint)};
}

namespace {

// A terminal, or a pipe without a name, as `-i <(pass show reader)` and `--file -` give: files are opened so that they
// never block, and what is typed or made just now is not there at once. A pipe that has a name in a folder is waited
// for by nobody: whoever made it there could silence each command that looks into the folder.
bool IsFromTheUser(const FileDescriptor& file) {
  struct ::statfs status {};
  return ::isatty(file.get()) == 1 || (::fstatfs(file.get(), &status) == 0 && status.f_type == PIPEFS_MAGIC);
}

// kInterrupted on a signal.
Result<void> AwaitInput(const FileDescriptor& file, const fs::path& path) {
  pollfd wanted{file.get(), POLLIN, 0};
  if (::poll(&wanted, 1, -1) >= 0) return {};
  if (errno == EINTR) return Fail(ErrorCode::kInterrupted, "read " + Printable(path.native()) + ": interrupted");
  return Fail(SystemError("read", path, errno));
}

}  // namespace

Result<FileDescriptor> OpenForReading(const fs::path& path) {
  TRY(const LongPath at, LongPath::Reach(path));
  FileDescriptor file(::openat(at.folder(), at.rest(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file) return Fail(SystemError("open", path, errno));
  return file;
}

Result<FileDescriptor> CreateNew(const fs::path& path, mode_t mode) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!file) return Fail(SystemError("create", path, errno));
  return file;
}

Result<std::size_t> ReadFull(const FileDescriptor& file, MutableByteView buffer, const fs::path& path) {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const ssize_t got = ::read(file.get(), buffer.data() + done, buffer.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN && IsFromTheUser(file)) {
      TRY_VOID(AwaitInput(file, path));
      continue;
    }
    if (got < 0) return Fail(SystemError("read", path, errno));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<std::size_t> ReadFullAt(const FileDescriptor& file, std::uint64_t offset, MutableByteView buffer,
                               const fs::path& path) {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const ssize_t got =
        ::pread(file.get(), buffer.data() + done, buffer.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Fail(SystemError("read", path, errno));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<void> WriteFull(const FileDescriptor& file, ByteView bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(file.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return Fail(SystemError("write", path, errno));
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> SyncFile(const FileDescriptor& file, const fs::path& path) {
  if (::fsync(file.get()) != 0) return Fail(SystemError("sync", path, errno));
  return {};
}

void BeginWriteBack(const FileDescriptor& file, std::uint64_t offset, std::uint64_t bytes) {
  (void)::sync_file_range(file.get(), static_cast<off64_t>(offset), static_cast<off64_t>(bytes), SYNC_FILE_RANGE_WRITE);
}

Result<void> SyncFolder(const fs::path& folder) {
  const fs::path named = folder.empty() ? fs::path(".") : folder;
  TRY(const FileDescriptor file, OpenFolder(named));
  return SyncFile(file, named);
}

Result<void> SyncEach(const fs::path& folder) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const fs::file_type type = entry->symlink_status(error).type();
    if (type == fs::file_type::directory) TRY_VOID(SyncFolder(entry->path()));
    if (type != fs::file_type::regular) continue;
    TRY(const FileDescriptor file, OpenForReading(entry->path()));
    TRY_VOID(SyncFile(file, entry->path()));
  }
  if (error) return Fail(SystemError("list", folder, error.value()));
  return SyncFolder(folder);
}

Result<TreeSync> TreeSync::Begin(fs::path folder) {
  TRY(FileDescriptor descriptor, OpenFolder(folder));
  return TreeSync(std::move(folder), std::move(descriptor));
}

Result<void> TreeSync::Finish() const {
  struct ::statfs status {};
  if (::fstatfs(descriptor_.get(), &status) != 0) return Fail(SystemError("look at", folder_, errno));
  if (status.f_type == FUSE_SUPER_MAGIC) return SyncEach(folder_);
  if (::syncfs(descriptor_.get()) != 0) return Fail(SystemError("sync", folder_, errno));
  return {};
}

Result<void> OverwriteFile(const FileDescriptor& file, const std::filesystem::path& path) {
  struct ::stat status {};
  if (::fstat(file.get(), &status) != 0) return Fail(SystemError("look at", path, errno));
  if (::lseek(file.get(), 0, SEEK_SET) != 0) return Fail(SystemError("write", path, errno));
  TRY_VOID(WriteFull(file, Bytes(static_cast<std::size_t>(status.st_size), 0), path));
  return SyncFile(file, path);
}

Result<Bytes> ReadFile(const fs::path& path, std::uint64_t limit_bytes) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return Fail(SystemError("open", path, errno));
  Bytes bytes;
  constexpr std::size_t kPiece = 64 * 1024;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kPiece);
    TRY(const std::size_t got, ReadFull(file, MutableByteView(bytes).subspan(before), path));
    bytes.resize(before + got);
    if (bytes.size() > limit_bytes) {
      return Fail(ErrorCode::kInvalid,
                  Format("{} is longer than the {} bytes that it may have", Printable(path.native()), limit_bytes));
    }
    if (got < kPiece) return bytes;
  }
}

Result<void> WriteNewFile(const fs::path& path, ByteView bytes, mode_t mode) {
  TRY(const FileDescriptor file, CreateNew(path, mode));
  const auto fill = [&]() -> Result<void> {
    TRY_VOID(WriteFull(file, bytes, path));
    TRY_VOID(SyncFile(file, path));
    return SyncFolder(path.parent_path());
  };
  auto filled = fill();
  // No caller was told of it, and half a file would keep the next attempt from making a whole one.
  if (!filled) ::unlink(path.c_str());
  return filled;
}

Result<void> ReplaceFileAtSomeTime(const fs::path& path, ByteView bytes, mode_t mode) {
  fs::path temporary = path;
  temporary += ".new";
  // An earlier crash left it before it was renamed, so no caller was told of it.
  if (::unlink(temporary.c_str()) != 0 && errno != ENOENT) {
    return Fail(SystemError("remove", temporary, errno));
  }
  TRY(const FileDescriptor file, CreateNew(temporary, mode));
  TRY_VOID(WriteFull(file, bytes, temporary));
  TRY_VOID(SyncFile(file, temporary));
  if (::rename(temporary.c_str(), path.c_str()) != 0) return Fail(SystemError("rename to", path, errno));
  return {};
}

Result<void> ReplaceFile(const fs::path& path, ByteView bytes, mode_t mode) {
  TRY_VOID(ReplaceFileAtSomeTime(path, bytes, mode));
  return SyncFolder(path.parent_path());
}

Result<void> RenameFolder(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return Fail(SystemError("rename to", to, errno));
  auto synced = SyncFolder(to.parent_path());
  if (synced) return {};
  if (::rename(to.c_str(), from.c_str()) != 0) {
    synced.error().message += Format("; {} is there, and a power cut may take it away", Printable(to.native()));
  }
  return synced;
}

Result<void> RenameNewFile(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    // Some file systems, such as NFS and exFAT, cannot do it. There the empty file that is replaced is our own.
    if (errno != EINVAL) return Fail(SystemError("rename to", to, errno));
    TRY_VOID(CreateNew(to, 0600));
    if (::rename(from.c_str(), to.c_str()) != 0) {
      const int error_number = errno;
      (void)::unlink(to.c_str());
      return Fail(SystemError("rename to", to, error_number));
    }
  }
  return SyncFolder(to.parent_path());
}

bool IsAbsent(const fs::path& path) {
  struct ::stat status {};
  return ::lstat(path.c_str(), &status) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

Result<void> CheckFolder(const fs::path& path) {
  struct ::stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return Fail(SystemError("look at", path, errno == ENOTDIR ? ENOENT : errno));
  }
  if (S_ISDIR(status.st_mode)) return {};
  return Fail(ErrorCode::kNotFound, Printable(path.native()) + " is not a folder");
}

bool IsOnReadOnlyMedium(const fs::path& path) {
  struct ::statvfs status {};
  return ::statvfs(path.c_str(), &status) == 0 && (status.f_flag & ST_RDONLY) != 0;
}

Result<void> CreateFolders(const fs::path& path) {
  fs::path so_far;
  for (const fs::path& part : path) {
    const fs::path above = so_far;
    so_far /= part;
    if (::mkdir(so_far.c_str(), 0700) == 0) {
      // Otherwise a power cut may remove the folder, and with it files that were synced inside it.
      TRY_VOID(SyncFolder(above));
      continue;
    }
    const int error_number = errno;
    std::error_code ignored;
    if (fs::is_directory(so_far, ignored)) continue;
    if (error_number == EEXIST) return Fail(SystemError("open folder", so_far, ENOTDIR));
    return Fail(SystemError("create folder", so_far, error_number));
  }
  return {};
}

}  // namespace exhibit
