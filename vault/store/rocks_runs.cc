#include "vault/store/rocks_runs.h"

#include <algorithm>
#include <string>
#include <vector>

#include "vault/store/rocks_options.h"

namespace exhibit::store {
namespace {

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

}  // namespace

Result<void> TurnLogsIntoRuns(rocksdb::DB& database) {
  rocksdb::VectorLogPtr logs;
  rocksdb::Status status = database.GetSortedWalFiles(logs);
  std::uint64_t bytes = 0;
  for (const auto& log : logs) bytes += log->SizeFileBytes();
  if (status.ok() && (logs.size() >= kMostLogs || bytes >= kMostLogBytes)) {
    status = database.Flush(rocksdb::FlushOptions());
  }
  if (!status.ok()) return Fail(ErrorOf(status, "tidy up the store's logs"));
  return {};
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
