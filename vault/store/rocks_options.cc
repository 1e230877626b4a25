#include "vault/store/rocks_options.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <cerrno>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::store {
namespace {

constexpr std::string_view kHintDamaged =
    "change nothing in the vault's folder; `exhibit rescue` reads what is left of it into a new vault";

// RocksDB's own log of what it does. Everything that matters to a user comes back as a Status, and a
// file that grows beside the evidence without being evidence only raises questions.
class NoLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

std::shared_ptr<rocksdb::Cache> SharedCache() {
  static const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(8 << 20);
  return cache;
}

// Somebody holds RocksDB's own lock. Only the beginning of the message shows it: the rest names
// the path of a file, which may contain "lock" ("blocks", "clock-drift").
bool IsLockError(const rocksdb::Status& status) {
  const std::string_view text = status.getState() == nullptr ? "" : status.getState();
  return status.IsIOError() &&
         (text.starts_with("While lock file") || text.starts_with("lock hold by current process"));
}

// "000012.sst" or "MANIFEST-000021" where RocksDB's words name one of its files.
std::string_view FileIn(std::string_view text) {
  for (std::size_t end = text.size(); end > 0;) {
    const std::size_t slash = text.rfind('/', end - 1);
    if (slash == std::string_view::npos) break;
    const std::string_view name = text.substr(slash + 1, text.find_first_of(": /", slash + 1) - slash - 1);
    if (name.ends_with(".sst") || name.ends_with(".log") || name.starts_with("MANIFEST-") || name == "CURRENT")
      return name;
    end = slash;
  }
  return {};
}

// What RocksDB says of damage, in words of people who never heard of it. What our file system says (rocks_file_system.h) is
// in such words.
std::string DamageIn(const rocksdb::Status& status) {
  std::string_view text = status.getState() == nullptr ? "" : status.getState();
  const std::string_view file = FileIn(text);
  if (file.empty() || text.ends_with("is not a plain file")) return Printable(text);
  const bool is_checksum = text.find("checksum") != std::string_view::npos;
  return Format("{} {}", Printable(file), is_checksum ? "has a wrong checksum" : "cannot be read as it was written");
}

// What the system answered, which a status has as text alone, at its end.
bool IsOf(const rocksdb::Status& status, int error_number) {
  return status.ToString().ends_with(std::generic_category().message(error_number));
}

}  // namespace

rocksdb::Options DatabaseOptions(rocksdb::Env& env) {
  rocksdb::Options options;
  options.env = &env;
  options.info_log = std::make_shared<NoLog>();
  options.paranoid_checks = true;
  options.force_consistency_checks = true;
  // The default (point in time) was seen to open without an error with 7 of 10 synced entries gone
  // after one flipped byte. This mode accepts a torn tail, which an honest power cut leaves, and
  // makes damage before it an error. That nothing acknowledged is missing is checked against the head
  // file.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // A whole log file that disappears is an error as well.
  options.track_and_verify_wals_in_manifest = true;
  // The default turns each log into sorted files at each opening, and would leave one for each command.
  options.avoid_flush_during_recovery = true;
  // Merging is done at moments of our choice (rocks_runs.h), all of it at one level.
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  options.num_levels = 1;
  options.disable_auto_compactions = true;
  // All files are kept open, and merging leaves few: a file that is replaced while a reader uses it stays readable.
  options.max_open_files = -1;
  // The default starts 16 threads at each opening, though there be no file to open.
  options.max_file_opening_threads = 1;
  options.write_buffer_size = 16 << 20;
  // The default of a megabyte and more is written at each opening and mostly stays empty.
  options.arena_block_size = 64 << 10;
  // Bounds how much an opening reads again.
  options.max_total_wal_size = 16 << 20;
  options.max_background_jobs = 2;
  // Hands dirty pages to the disk while writing instead of all at the final sync.
  options.bytes_per_sync = 1 << 20;
  options.wal_bytes_per_sync = 1 << 20;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  // Signatures and hashes do not compress.
  options.compression = rocksdb::kNoCompression;
  options.bottommost_compression = rocksdb::kNoCompression;
  // Kept with the list of files, to find a flipped bit that no block's own checksum covers.
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = SharedCache();
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  // A key is in one of several runs: ten bits a key spare nearly every look into the others.
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // Indexes and filters in parts, which share the cache with what is read: each opening would read all of them, and hold
  // them, some 15 bytes for each entry.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.cache_index_and_filter_blocks = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

Error OpeningErrorOf(const rocksdb::Status& status, std::string_view what) {
  if (!status.IsNotFound() && !status.IsPathNotFound()) return ErrorOf(status, what);
  const std::string_view text = status.getState() == nullptr ? "" : status.getState();
  const std::string_view file = FileIn(text);
  return {ErrorCode::kTampered,
          Format("{}: a file of the store is missing: {}", what, Printable(file.empty() ? text : file)),
          std::string(kHintDamaged)};
}

Error ErrorOf(const rocksdb::Status& status, std::string_view what) {
  std::string message = std::string(what) + ": ";
  if (status.IsNotFound()) return {ErrorCode::kNotFound, message + "not in the store", {}};
  if (status.IsCorruption()) {
    return {ErrorCode::kTampered, Format("{}the store is damaged: {}", message, DamageIn(status)),
            std::string(kHintDamaged)};
  }
  if (status.IsBusy() || IsLockError(status)) {
    return {ErrorCode::kBusy, message + "another process is writing", "try again with --wait"};
  }
  if (status.IsNoSpace()) return {ErrorCode::kIo, message + "the disk is full", std::string(kHintDiskFull)};
  if (IsOf(status, EACCES)) {
    return {ErrorCode::kDenied, Format("{}no permission: {}", message, status.ToString()),
            "the vault's folder belongs to another user"};
  }
  if (IsOf(status, EMFILE) || IsOf(status, ENFILE)) {
    return {ErrorCode::kIo, message + "this process may not open more files", std::string(kHintTooManyFiles)};
  }
  return {ErrorCode::kIo, message + status.ToString(), std::string(kHintDiskFails)};
}

}  // namespace exhibit::store
