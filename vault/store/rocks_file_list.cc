#include "vault/store/rocks_file_list.h"

#include <utility>

namespace exhibit::store {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class HeldFileList::File final : public rocksdb::FSWritableFile {
 public:
  explicit File(std::shared_ptr<HeldFileList> list) : list_(std::move(list)) {}
  using FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    return list_->Append(data);
  }
  IOStatus Flush(const IOOptions& /*options*/, IODebugContext* /*debug*/) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions& options, IODebugContext* /*debug*/) override { return list_->Sync(options); }
  IOStatus Close(const IOOptions& options, IODebugContext* /*debug*/) override { return list_->Close(options); }
  std::uint64_t GetFileSize(const IOOptions& /*options*/, IODebugContext* /*debug*/) override { return list_->size(); }

 private:
  std::shared_ptr<HeldFileList> list_;
};

HeldFileList::HeldFileList(rocksdb::FileSystem& disk, std::string path, const rocksdb::FileOptions& options)
    : disk_(disk),
      path_(std::move(path)),
      folder_(path_.substr(0, path_.rfind('/') + 1)),
      temporary_(folder_ + path_.substr(path_.rfind('-') + 1) + ".dbtmp"),
      options_(options) {}

std::unique_ptr<rocksdb::FSWritableFile> HeldFileList::NewFile() { return std::make_unique<File>(shared_from_this()); }

bool HeldFileList::is_held() const {
  const std::lock_guard lock(mutex_);
  return on_disk_ == nullptr;
}

std::uint64_t HeldFileList::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

void HeldFileList::SetCurrent(std::string current) {
  const std::lock_guard lock(mutex_);
  current_ = std::move(current);
}

void HeldFileList::DeleteLater(std::string before) {
  const std::lock_guard lock(mutex_);
  before_.push_back(std::move(before));
}

IOStatus HeldFileList::Append(const Slice& data) {
  const std::lock_guard lock(mutex_);
  size_ += data.size();
  if (on_disk_ != nullptr) return on_disk_->Append(data, IOOptions(), nullptr);
  bytes_.append(data.data(), data.size());
  return IOStatus::OK();
}

// Until CURRENT names it nobody would read it, and the list before it says the same.
IOStatus HeldFileList::Sync(const IOOptions& options) {
  const std::lock_guard lock(mutex_);
  if (on_disk_ != nullptr) return on_disk_->Sync(options, nullptr);
  return current_.empty() ? IOStatus::OK() : PutOnDisk(options);
}

IOStatus HeldFileList::Close(const IOOptions& options) {
  const std::lock_guard lock(mutex_);
  return on_disk_ == nullptr ? IOStatus::OK() : on_disk_->Close(options, nullptr);
}

IOStatus HeldFileList::PutOnDisk(const IOOptions& options) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = disk_.NewWritableFile(path_, options_, &file, nullptr);
  if (status.ok()) status = file->Append(bytes_, options, nullptr);
  if (status.ok()) status = file->Sync(options, nullptr);
  if (status.ok()) status = WriteCurrent(options);
  if (!status.ok()) return status;
  on_disk_ = std::move(file);
  bytes_ = {};
  for (const std::string& list : std::exchange(before_, {})) {
    if (status.ok()) status = disk_.DeleteFile(list, options, nullptr);
  }
  return status;
}

IOStatus HeldFileList::WriteCurrent(const IOOptions& options) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = disk_.NewWritableFile(temporary_, options_, &file, nullptr);
  if (status.ok()) status = file->Append(path_.substr(folder_.size()) + "\n", options, nullptr);
  if (status.ok()) status = file->Sync(options, nullptr);
  if (status.ok()) status = file->Close(options, nullptr);
  if (status.ok()) status = disk_.RenameFile(temporary_, current_, options, nullptr);
  std::unique_ptr<rocksdb::FSDirectory> names;
  if (status.ok()) status = disk_.NewDirectory(folder_, options, &names, nullptr);
  if (status.ok()) status = names->FsyncWithDirOptions(options, nullptr, rocksdb::DirFsyncOptions(current_));
  return status;
}

}  // namespace exhibit::store
