#include "vault/store/rocks_runs.h"

#include <algorithm>
#include <string>
#include <vector>

#include "vault/base/file.h"
#include "vault/store/log_records.h"
#include "vault/store/rocks_options.h"

namespace exhibit::store {
namespace {

namespace fs = std::filesystem;

// The files of the runs that are to become one, newest first; none if there are few.
std::vector<std::string> RunsToMerge(rocksdb::DB& database) {
  std::vector<rocksdb::LiveFileMetaData> runs;
  database.GetLiveFilesMetaData(&runs);
  std::erase_if(runs, [](const rocksdb::LiveFileMetaData& run) { return run.size >= kLargeRunBytes; });
  std::vector<std::string> chosen;
  if (runs.size() < kMostRuns) return chosen;
  std::ranges::sort(runs, [](const auto& a, const auto& b) { return a.largest_seqno > b.largest_seqno; });
  constexpr std::size_t kFewest = kMostRuns / 2;
  std::uint64_t bytes = 0;
  for (const rocksdb::LiveFileMetaData& run : runs) {
    if (chosen.size() >= kFewest && run.size > bytes) break;
    chosen.push_back(run.name);
    bytes += run.size;
  }
  return chosen;
}

struct Logs {
  std::size_t count = 0;
  std::uint64_t bytes = 0;
  fs::path last;  // the last one with records
};

// By the folder, not by the database, which does not list a log whose first record is torn.
Result<Logs> ListLogs(const fs::path& store_folder) {
  Logs logs;
  std::error_code error;
  for (fs::directory_iterator file(store_folder, error), end; !error && file != end; file.increment(error)) {
    if (file->path().extension() != ".log") continue;
    const std::uint64_t bytes = file->file_size(error);
    if (error || bytes == 0) continue;
    ++logs.count;
    logs.bytes += bytes;
    logs.last = std::max(logs.last, file->path());
  }
  if (error) return Fail(SystemError("list", store_folder, error.value()));
  return logs;
}

// Those before the last one were looked at when they were the last.
bool IsTorn(const fs::path& log) {
  constexpr std::uint64_t kMost = 64 << 20;  // RocksDB begins another log long before
  const auto bytes = ReadFile(log, kMost);
  return bytes && CheckLogRecords(*bytes).is_torn;
}

}  // namespace

Result<void> TurnLogsIntoRuns(rocksdb::DB& database, const fs::path& store_folder) {
  TRY(const Logs logs, ListLogs(store_folder));
  const bool are_many = logs.count >= kMostLogs || logs.bytes >= kMostLogBytes;
  if (logs.count == 0 || (!are_many && !IsTorn(logs.last))) return {};
  const rocksdb::Status status = database.Flush(rocksdb::FlushOptions());
  if (!status.ok()) return Fail(ErrorOf(status, "tidy up the store's logs"));
  return {};
}

void TidyUpAtClose(rocksdb::DB& database) {
  std::uint64_t bytes = 0;  // in memory, which are those that logs alone have
  if (!database.GetIntProperty("rocksdb.cur-size-all-mem-tables", &bytes) || bytes < kMostLogBytes) return;
  database.Flush(rocksdb::FlushOptions()).PermitUncheckedError();
}

Result<void> MergeRuns(rocksdb::DB& database) {
  std::uint64_t runs = 0;
  if (database.GetIntProperty("rocksdb.num-files-at-level0", &runs) && runs < kMostRuns) return {};
  const std::vector<std::string> chosen = RunsToMerge(database);
  if (chosen.empty()) return {};
  const rocksdb::Status status = database.CompactFiles(rocksdb::CompactionOptions(), chosen, 0);
  if (!status.ok()) return Fail(ErrorOf(status, "merge files of the store"));
  return {};
}

}  // namespace exhibit::store
