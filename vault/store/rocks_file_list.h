// The list of a database's files that RocksDB writes anew at each opening, held in memory until the list changes.
//
// An opening for writing makes a new MANIFEST, syncs it, and lets CURRENT name it, though most commands then add a record to
// the log of writes and no file. The list that is on the disk already says the same of all files but that log, and the next
// opening finds logs by their numbers: to RocksDB it is as if a crash came just before the list was replaced. So
//
//   MANIFEST-N   is kept in memory until it is written to after CURRENT names it; then it goes to the disk, whole
//   CURRENT      follows it, by a temporary name, sync and rename; then its folder is synced
//   the one before it   is deleted after that
//
// That is two syncs of the eight that adding a small file would take otherwise, and 110 bytes for each run.
#pragma once

#include <rocksdb/file_system.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace exhibit::store {

class HeldFileList : public std::enable_shared_from_this<HeldFileList> {
 public:
  // `path` is that of the MANIFEST. REQUIRES: `disk` outlives this, and the folder has a CURRENT that names another.
  HeldFileList(rocksdb::FileSystem& disk, std::string path, const rocksdb::FileOptions& options);

  const std::string& path() const { return path_; }
  // Under which name RocksDB writes the file that becomes CURRENT and names this list.
  const std::string& temporary() const { return temporary_; }
  bool is_held() const;
  std::uint64_t size() const;

  // What RocksDB writes the list into.
  std::unique_ptr<rocksdb::FSWritableFile> NewFile();
  // CURRENT names this list.
  void SetCurrent(std::string current);
  // Deletes a list before it, once this one is on the disk. REQUIRES: is_held().
  void DeleteLater(std::string before);

 private:
  class File;
  rocksdb::IOStatus Append(const rocksdb::Slice& data);
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options);
  rocksdb::IOStatus Close(const rocksdb::IOOptions& options);
  rocksdb::IOStatus PutOnDisk(const rocksdb::IOOptions& options);
  rocksdb::IOStatus WriteCurrent(const rocksdb::IOOptions& options);

  rocksdb::FileSystem& disk_;
  const std::string path_;
  const std::string folder_;
  const std::string temporary_;
  const rocksdb::FileOptions options_;
  mutable std::mutex mutex_;  // guards what follows
  std::string bytes_;         // while it is held
  std::uint64_t size_ = 0;
  std::string current_;                               // the path of CURRENT, once that names it
  std::vector<std::string> before_;                   // lists to be deleted
  std::unique_ptr<rocksdb::FSWritableFile> on_disk_;  // once it is there
};

}  // namespace exhibit::store
