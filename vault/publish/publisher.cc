#include "vault/publish/publisher.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <set>

#include "vault/base/file.h"
#include "vault/base/file_lock.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/custody/entry.h"
#include "vault/tlog/tile.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/lost_entries.h"

namespace exhibit::publish {
namespace {

namespace fs = std::filesystem;
// A bundle of 256 of the longest entries; nothing that is published is longer.
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{tlog::kTileWidth} * (2 + tlog::kMaxBundledEntry);

// Files that are written once. Their folders are synced together, before the checkpoint names them.
class OnceFiles {
 public:
  explicit OnceFiles(fs::path root) : root_(std::move(root)) {}

  Result<void> Write(const std::string& name, ByteView bytes) {
    const fs::path path = root_ / name;
    TRY_VOID(MakeFolders(path.parent_path()));
    const auto there = ReadFile(path, kMaxFileBytes);
    // Also for a file that exists: whoever wrote it may have been killed before its folder was synced.
    folders_.insert(path.parent_path());
    if (there) {
      if (Equal(*there, bytes)) return {};
      return Fail(ErrorCode::kTampered, Printable(path.native()) + " is there with other bytes than this log makes it",
                  "published files never change: keep this copy unchanged, and publish into another folder");
    }
    if (there.error().code != ErrorCode::kNotFound) return Fail(there.error());
    fs::path temporary = path;
    temporary += ".new";
    // An earlier crash left it before it was renamed, so no server gave it to anybody.
    if (::unlink(temporary.c_str()) != 0 && errno != ENOENT) return Fail(SystemError("remove", temporary, errno));
    TRY(const FileDescriptor file, CreateNew(temporary, 0644));
    TRY_VOID(WriteFull(file, bytes, temporary));
    TRY_VOID(SyncFile(file, temporary));
    if (::rename(temporary.c_str(), path.c_str()) != 0) return Fail(SystemError("rename to", path, errno));
    ++count_;
    return {};
  }

  Result<void> Sync() const {
    for (const fs::path& folder : folders_) TRY_VOID(SyncFolder(folder));
    return {};
  }
  std::uint64_t count() const { return count_; }

 private:
  Result<void> MakeFolders(const fs::path& folder) {
    if (folder == root_ || made_.contains(folder)) return {};
    TRY_VOID(MakeFolders(folder.parent_path()));
    // The server runs as another user, and the content is public.
    if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return Fail(SystemError("create folder", folder, errno));
    folders_.insert(folder.parent_path());
    made_.insert(folder);
    return {};
  }

  fs::path root_;
  std::set<fs::path> made_;
  std::set<fs::path> folders_;  // whose names are to be synced
  std::uint64_t count_ = 0;
};

class Publisher {
 public:
  Publisher(const verify::Source& source, OnceFiles& files, const std::atomic<bool>* interrupted)
      : source_(source), files_(files), interrupted_(interrupted) {}

  // What a tree of `after` entries has and one of `before` did not.
  Result<void> WriteBetween(tlog::TreeSize before, tlog::TreeSize after) {
    for (std::uint32_t level = 0; tlog::HashesAtLevel(after.value, level) > 0; ++level) {
      const std::uint64_t had = tlog::HashesAtLevel(before.value, level);
      const std::uint64_t has = tlog::HashesAtLevel(after.value, level);
      if (had == has) continue;
      for (std::uint64_t index = had / tlog::kTileWidth; index * tlog::kTileWidth < has; ++index) {
        TRY_VOID(StopIfAsked(interrupted_));
        const auto width =
            static_cast<std::uint32_t>(std::min<std::uint64_t>(tlog::kTileWidth, has - index * tlog::kTileWidth));
        TRY_VOID(WriteTile({level, index, width}));
      }
    }
    return {};
  }

 private:
  Result<void> WriteTile(const tlog::TileId& id) {
    TRY(const std::vector<tlog::NodeHash> hashes, tlog::ReadTileHashes(source_, id));
    if (id.level == 0) TRY_VOID(WriteEntries({id.index, id.width}, hashes));
    Bytes bytes;
    for (const tlog::NodeHash& hash : hashes) Append(bytes, hash.view());
    return files_.Write(tlog::TilePath(id), bytes);
  }

  Result<void> WriteEntries(const tlog::EntryBundleId& id, const std::vector<tlog::NodeHash>& leaves) {
    std::vector<Bytes> entries;
    for (std::uint32_t i = 0; i < id.width; ++i) {
      const std::uint64_t at = id.index * tlog::kTileWidth + i;
      auto read = source_.ReadEntry({at});
      if (!read && read.error().code == ErrorCode::kNotFound)
        return Fail(verify::LostEntry({at}).In("not published, because a published log holds every entry"));
      TRY(Bytes entry, std::move(read));
      if (tlog::AsNode(tlog::HashLeaf(entry)) != leaves[i]) {
        return Fail(ErrorCode::kTampered, Format("entry {} is not the one that the tree holds", at),
                    "`exhibit verify --log` names all that is wrong");
      }
      entries.push_back(std::move(entry));
    }
    TRY(const Bytes bundle, tlog::EncodeEntryBundle(entries));
    return files_.Write(tlog::EntryBundlePath(id), bundle);
  }

  const verify::Source& source_;
  OnceFiles& files_;
  const std::atomic<bool>* interrupted_;
};

}  // namespace

Result<Published> Publish(const verify::Source& source, const custody::LogKeys& keys, const fs::path& folder,
                          const std::atomic<bool>* interrupted) {
  TRY(const Bytes head_note, source.ReadHead());
  TRY(custody::LogKeys::Head head, keys.Open(head_note));
  // Absolute, because the folders above are synced too.
  const fs::path root = fs::absolute(folder).lexically_normal();
  TRY_VOID(CreateFolders(root.parent_path()));
  if (::mkdir(root.c_str(), 0755) != 0 && errno != EEXIST) return Fail(SystemError("create folder", root, errno));
  TRY_VOID(SyncFolder(root.parent_path()));
  constexpr LockPurpose kPublishing{"is publishing into this folder", "wait until it has finished, then run it again"};
  TRY(const FileLock lock, FileLock::AcquireFolder(root, kPublishing));

  Published published{{0}, std::move(head.checkpoint), 0};
  const fs::path checkpoint_path = root / kCheckpointFile;
  auto there = ReadFile(checkpoint_path, tlog::kMaxNoteBytes);
  if (!there && there.error().code != ErrorCode::kNotFound) return Fail(std::move(there).error());
  if (there) {
    TRY(const tlog::Checkpoint before,
        verify::CheckKept(source, published.checkpoint, keys,
                          {verify::KeptCheckpoint::Use::kCompare, checkpoint_path.native(), *there}));
    published.before = before.size;
  }
  OnceFiles files(root);
  TRY_VOID(Publisher(source, files, interrupted).WriteBetween(published.before, published.checkpoint.size));
  TRY_VOID(files.Sync());
  published.files = files.count();
  if (!there || !Equal(*there, head_note)) {
    TRY_VOID(ReplaceFile(checkpoint_path, head_note, 0644));
    ++published.files;
  }
  return published;
}

}  // namespace exhibit::publish
