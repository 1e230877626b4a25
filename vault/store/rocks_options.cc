#include "vault/store/rocks_options.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/table.h>

#include <memory>
#include <string>
#include <string_view>

#include "vault/base/file.h"

namespace exhibit::store {
namespace {

// RocksDB's own log of what it does. Everything that matters to a user comes back as a Status, and a
// file that grows beside the evidence without being evidence only raises questions.
class NoLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

std::shared_ptr<rocksdb::Cache> SharedCache() {
  static const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(16 << 20);
  return cache;
}

// RocksDB's own lock is held by somebody. Told by the beginning of the message alone: further on
// stands the path of any file, and that may well have "lock" in it ("blocks", "clock-drift").
bool IsLockError(const rocksdb::Status& status) {
  const std::string_view text = status.getState() == nullptr ? "" : status.getState();
  return status.IsIOError() &&
         (text.starts_with("While lock file") || text.starts_with("lock hold by current process"));
}

rocksdb::ColumnFamilyOptions FamilyOptions(std::size_t write_buffer_bytes) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = write_buffer_bytes;
  // The default of a megabyte and more is touched at each opening and mostly left empty.
  options.arena_block_size = 64 << 10;
  // Ciphertext, signatures and hashes do not compress.
  options.compression = rocksdb::kNoCompression;
  options.bottommost_compression = rocksdb::kNoCompression;
  // A merge that drops nothing saves nothing here: keys only grow, so files never overlap, and large
  // levels keep RocksDB from copying evidence from one file to another.
  options.target_file_size_base = 256 << 20;
  options.max_bytes_for_level_base = std::uint64_t{4} << 30;
  options.force_consistency_checks = true;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = SharedCache();
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace

rocksdb::DBOptions DatabaseOptions(const RocksOptions& options) {
  rocksdb::DBOptions database;
  if (options.env != nullptr) database.env = options.env;
  database.info_log = std::make_shared<NoLog>();
  database.paranoid_checks = true;
  // The default (point in time) was seen to open without an error with 7 of 10 synced entries gone
  // after one flipped byte. This mode accepts a torn tail, which an honest power cut leaves, and
  // makes damage before it an error. That nothing acknowledged is missing is checked against the head
  // file.
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // A whole log file that disappears is an error as well.
  database.track_and_verify_wals_in_manifest = true;
  // A secondary instance must keep every file open, and a writer may as well.
  database.max_open_files = -1;
  // The default starts 16 threads for each family at each opening, though there be no file to open.
  database.max_file_opening_threads = 1;
  // Bounds the memory of what is not yet in sorted files, over all families.
  database.db_write_buffer_size = 32 << 20;
  // Bounds what an opening reads again.
  database.max_total_wal_size = 16 << 20;
  database.max_background_jobs = 2;
  // Hands dirty pages to the disk while writing instead of all at the final sync.
  database.bytes_per_sync = 1 << 20;
  database.wal_bytes_per_sync = 1 << 20;
  database.stats_dump_period_sec = 0;
  database.stats_persist_period_sec = 0;
  return database;
}

std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors() {
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.emplace_back(rocksdb::kDefaultColumnFamilyName, FamilyOptions(1 << 20));
  families.emplace_back("entries", FamilyOptions(8 << 20));
  families.emplace_back("acts", FamilyOptions(2 << 20));
  families.emplace_back("headers", FamilyOptions(4 << 20));
  families.emplace_back("block-hashes", FamilyOptions(4 << 20));
  families.emplace_back("payload", FamilyOptions(16 << 20));
  families.emplace_back("tiles", FamilyOptions(4 << 20));
  families.emplace_back("checkpoints", FamilyOptions(2 << 20));
  return families;
}

rocksdb::Options StageOptions(const RocksOptions& options) {
  return {DatabaseOptions(options), FamilyOptions(16 << 20)};
}

Error ErrorOf(const rocksdb::Status& status, std::string_view what) {
  std::string message = std::string(what) + ": ";
  if (status.IsNotFound()) return {ErrorCode::kNotFound, message + "not in the store", {}};
  if (status.IsCorruption()) {
    return {ErrorCode::kTampered, message + "the store is damaged: " + status.ToString(),
            "keep the vault's folder as it is and make a copy before anything else"};
  }
  if (status.IsBusy() || IsLockError(status)) {
    return {ErrorCode::kBusy, message + "another process is writing", "try again with --wait"};
  }
  if (status.IsNoSpace()) return {ErrorCode::kIo, message + "the disk is full", std::string(kHintDiskFull)};
  return {ErrorCode::kIo, message + status.ToString(), std::string(kHintDiskFails)};
}

}  // namespace exhibit::store
