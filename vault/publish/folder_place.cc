#include "vault/publish/folder_place.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "vault/base/file.h"
#include "vault/base/read_if_there.h"
#include "vault/base/text.h"
#include "vault/publish/publisher.h"
#include "vault/tlog/note.h"
#include "vault/tlog/tile.h"

namespace exhibit::publish {

namespace fs = std::filesystem;

Failure PublishedOtherwise(const std::string& path) {
  return Fail(ErrorCode::kTampered, Printable(path) + " is there with other bytes than this log makes it",
              "published files never change: keep this copy unchanged, and publish into another folder");
}

Result<std::unique_ptr<FolderPlace>> FolderPlace::Open(const fs::path& folder) {
  // Absolute, because the folders above are synced too.
  fs::path root = fs::absolute(folder).lexically_normal();
  TRY_VOID(CreateFolders(root.parent_path()));
  if (::mkdir(root.c_str(), 0755) != 0 && errno != EEXIST) return Fail(SystemError("create folder", root, errno));
  TRY_VOID(SyncFolder(root.parent_path()));
  constexpr LockPurpose kPublishing{"is publishing into this folder", "wait until it has finished, then run it again"};
  TRY(FileLock lock, FileLock::AcquireFolder(root, kPublishing));
  return std::unique_ptr<FolderPlace>(new FolderPlace(std::move(root), std::move(lock)));
}

std::string FolderPlace::NameOfCheckpoint() const { return (root_ / kCheckpointFile).native(); }

Result<std::optional<Bytes>> FolderPlace::ReadCheckpoint() {
  return ReadIfThere(root_ / kCheckpointFile, tlog::kMaxNoteBytes);
}

Result<PublishedPlace::Wrote> FolderPlace::Write(const std::string& name, ByteView bytes) {
  const fs::path path = root_ / name;
  TRY_VOID(MakeFolders(path.parent_path()));
  TRY(const auto there, ReadIfThere(path, kMaxPublishedFileBytes));
  // Also for a file that exists: whoever wrote it may have been killed before its folder was synced.
  folders_.insert(path.parent_path());
  if (there) return Equal(*there, bytes) ? Result<Wrote>(Wrote::kBefore) : PublishedOtherwise(path.native());
  fs::path temporary = path;
  temporary += ".new";
  // An earlier crash left it before it was renamed, so no server gave it to anybody.
  if (::unlink(temporary.c_str()) != 0 && errno != ENOENT) return Fail(SystemError("remove", temporary, errno));
  TRY(const FileDescriptor file, CreateNew(temporary, 0644));
  TRY_VOID(WriteFull(file, bytes, temporary));
  TRY_VOID(SyncFile(file, temporary));
  if (::rename(temporary.c_str(), path.c_str()) != 0) return Fail(SystemError("rename to", path, errno));
  return Wrote::kNow;
}

// Folders of files are synced together, before the checkpoint names them.
Result<void> FolderPlace::Sync() {
  for (const fs::path& folder : folders_) TRY_VOID(SyncFolder(folder));
  return {};
}

Result<void> FolderPlace::ReplaceCheckpoint(ByteView note) { return ReplaceFile(root_ / kCheckpointFile, note, 0644); }

Result<void> FolderPlace::MakeFolders(const fs::path& folder) {
  if (folder == root_ || made_.contains(folder)) return {};
  TRY_VOID(MakeFolders(folder.parent_path()));
  // The server runs as another user, and the content is public.
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return Fail(SystemError("create folder", folder, errno));
  folders_.insert(folder.parent_path());
  made_.insert(folder);
  return {};
}

}  // namespace exhibit::publish
