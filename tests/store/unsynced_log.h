// A disk of RocksDB that writes to the write-ahead log and then says that it could not be synced.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <memory>

namespace exhibit::testing {

class UnsyncedLog final : public rocksdb::FileSystemWrapper {
 public:
  UnsyncedLog() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "UnsyncedLog"; }

  void FailFromNow() { *fails_ = true; }
  void Heal() { *fails_ = false; }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(path, options, file, debug);
    if (status.ok() && path.ends_with(".log")) *file = std::make_unique<File>(std::move(*file), fails_);
    return status;
  }

 private:
  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSWritableFile>&& file, std::shared_ptr<std::atomic<bool>> fails)
        : FSWritableFileOwnerWrapper(std::move(file)), fails_(std::move(fails)) {}
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
      if (*fails_) return rocksdb::IOStatus::IOError("while syncing the log");
      return FSWritableFileOwnerWrapper::Sync(options, debug);
    }

   private:
    std::shared_ptr<std::atomic<bool>> fails_;
  };
  std::shared_ptr<std::atomic<bool>> fails_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace exhibit::testing
