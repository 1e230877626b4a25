#include "vault/store/rocks_file_system.h"

#include <rocksdb/file_system.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "vault/store/rocks_file_list.h"

namespace exhibit::store {
namespace {

using rocksdb::IOStatus;

std::string_view FolderOf(std::string_view path) {
  return path.substr(0, path.find_last_not_of('/', path.rfind('/')) + 1);
}
std::string_view NameIn(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Folders in which a name came, went or was changed since they were synced.
class ChangedFolders {
 public:
  void Note(std::string_view file) {
    const std::lock_guard lock(mutex_);
    folders_.emplace(FolderOf(file));
  }
  // Whether it is one; from here on it is none.
  bool Take(const std::string& folder) {
    const std::lock_guard lock(mutex_);
    return folders_.erase(folder) > 0;
  }

 private:
  std::mutex mutex_;
  std::set<std::string, std::less<>> folders_;
};

class WatchedFolder final : public rocksdb::FSDirectoryWrapper {
 public:
  WatchedFolder(std::unique_ptr<rocksdb::FSDirectory> folder, const std::string& path, ChangedFolders& changed,
                std::atomic<bool>& sync_failed)
      : FSDirectoryWrapper(std::move(folder)),
        path_(FolderOf(path + "/")),
        changed_(changed),
        sync_failed_(sync_failed) {}

  IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    if (!changed_.Take(path_)) return IOStatus::OK();
    return Noted(FSDirectoryWrapper::Fsync(options, debug));
  }
  IOStatus FsyncWithDirOptions(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& folder) override {
    if (!changed_.Take(path_)) return IOStatus::OK();
    return Noted(FSDirectoryWrapper::FsyncWithDirOptions(options, debug, folder));
  }

 private:
  IOStatus Noted(IOStatus status) {
    if (!status.ok()) sync_failed_.store(true);
    return status;
  }
  const std::string path_;
  ChangedFolders& changed_;
  std::atomic<bool>& sync_failed_;
};

class StoreFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  StoreFileSystem(rocksdb::Env* base, std::atomic<bool>& sync_failed)
      : FileSystemWrapper(base->GetFileSystem()),
        memory_(rocksdb::NewMemEnv(base)),
        files_(memory_->GetFileSystem()),
        sync_failed_(sync_failed) {}
  const char* Name() const override { return "ExhibitFileSystem"; }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, rocksdb::IODebugContext* debug) override {
    if (IsList(path) && list_ == nullptr && HasCurrent(path)) {
      list_ = std::make_shared<HeldFileList>(*target(), path, options);
      *file = list_->NewFile();
      return IOStatus::OK();
    }
    if (&For(path) == target()) changed_.Note(path);
    return For(path).NewWritableFile(path, options, file, debug);
  }
  IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* folder, rocksdb::IODebugContext* debug) override {
    IOStatus status = target()->NewDirectory(path, options, folder, debug);
    if (status.ok()) *folder = std::make_unique<WatchedFolder>(std::move(*folder), path, changed_, sync_failed_);
    return status;
  }
  IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* file,
                             rocksdb::IODebugContext* debug) override {
    if (IOStatus status = CheckPlain(path); !status.ok()) return status;
    return For(path).NewSequentialFile(path, options, file, debug);
  }
  // A file of options that lies in the folder, as RocksDB's own tools leave it, is none that memory has.
  IOStatus GetChildren(const std::string& folder, const rocksdb::IOOptions& options, std::vector<std::string>* names,
                       rocksdb::IODebugContext* debug) override {
    const IOStatus status = target()->GetChildren(folder, options, names, debug);
    if (status.ok()) {
      std::erase_if(*names, [&](const std::string& name) {
        return IsOfOptions(name) && !files_->FileExists(folder + "/" + name, options, debug).ok();
      });
    }
    return status;
  }
  IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                               rocksdb::IODebugContext* debug) override {
    if (IOStatus status = CheckPlain(path); !status.ok()) return status;
    return For(path).NewRandomAccessFile(path, options, file, debug);
  }
  IOStatus FileExists(const std::string& path, const rocksdb::IOOptions& options,
                      rocksdb::IODebugContext* debug) override {
    return For(path).FileExists(path, options, debug);
  }
  IOStatus GetFileSize(const std::string& path, const rocksdb::IOOptions& options, std::uint64_t* size,
                       rocksdb::IODebugContext* debug) override {
    if (IsHeld(path)) {
      *size = list_->size();
      return IOStatus::OK();
    }
    return For(path).GetFileSize(path, options, size, debug);
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                      rocksdb::IODebugContext* debug) override {
    if (IsHeldCurrent(from)) {
      list_->SetCurrent(to);
      return files_->DeleteFile(from, options, debug);
    }
    if (&For(from) == target()) changed_.Note(to);
    return For(from).RenameFile(from, to, options, debug);
  }
  IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                      rocksdb::IODebugContext* debug) override {
    if (IsList(path) && list_ != nullptr && list_->is_held()) {
      list_->DeleteLater(path);
      return IOStatus::OK();
    }
    if (&For(path) == target()) changed_.Note(path);
    return For(path).DeleteFile(path, options, debug);
  }

 private:
  rocksdb::FileSystem& For(const std::string& path) {
    return IsOfOptions(NameIn(path)) || IsHeldCurrent(path) ? *files_ : *target();
  }
  static bool IsList(std::string_view path) { return NameIn(path).starts_with("MANIFEST-"); }
  bool HasCurrent(std::string_view path) {
    return target()->FileExists(std::string(FolderOf(path)) + "/CURRENT", {}, nullptr).ok();
  }
  bool IsHeld(const std::string& path) const { return list_ != nullptr && list_->path() == path && list_->is_held(); }
  // The temporary file that is to become CURRENT and name the list that is held.
  bool IsHeldCurrent(std::string_view path) const {
    return list_ != nullptr && list_->is_held() && path == list_->temporary();
  }
  static bool IsOfOptions(std::string_view name) { return name.starts_with("OPTIONS-"); }
  // A pipe or a folder in a file's place is damage, and to open a pipe would wait for ever.
  static IOStatus CheckPlain(const std::string& path) {
    std::error_code error;
    const std::filesystem::file_type type = std::filesystem::status(path, error).type();
    const bool is_other =
        type != std::filesystem::file_type::regular && std::filesystem::exists(std::filesystem::file_status(type));
    return is_other ? IOStatus::Corruption(path + " is not a plain file") : IOStatus::OK();
  }

  std::unique_ptr<rocksdb::Env> memory_;
  std::shared_ptr<rocksdb::FileSystem> files_;
  ChangedFolders changed_;
  std::shared_ptr<HeldFileList> list_;  // of this opening; set before other threads are there
  std::atomic<bool>& sync_failed_;
};

}  // namespace

std::unique_ptr<rocksdb::Env> StoreEnv(rocksdb::Env* base, std::atomic<bool>& sync_failed) {
  if (base == nullptr) base = rocksdb::Env::Default();
  return rocksdb::NewCompositeEnv(std::make_shared<StoreFileSystem>(base, sync_failed));
}

}  // namespace exhibit::store
