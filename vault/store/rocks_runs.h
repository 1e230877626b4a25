// Keeps the number of the database's files small, whatever happens to the vault.
//
// Each opening for writing begins a new write-ahead log, and each log that was written becomes a sorted file
// (a run) sooner or later. Both would grow with the number of commands, and so would the time that each opening
// takes and the files that each process holds open. RocksDB merges in the background, and a command of a
// tenth of a second ends before that does. So here merging is done at moments of our choice, in the
// foreground and to its end:
//
//   - logs become a run when there are kMostLogs of them, or kMostLogBytes in all, or when the last one has a torn
//     end, so that an old power cut is reported once. A writer that leaves as many bytes makes the run before it goes: each
//     command after it would read them again, twice;
//   - runs are merged when there are kMostRuns: the newest half of them, and further ones as long as each is no
//     larger than all newer ones together. Runs of kLargeRunBytes and more stay as they are.
//
// Both numbers are a balance. Each opening writes a list of the runs (some 110 bytes each) and reads all logs again;
// fewer runs and logs mean that each byte is merged more often. With 128 logs and 16 runs, ten thousand commands that
// add a line each wrote 4.1 bytes for each that is stored; docs/PERFORMANCE.md has what they write now.
#pragma once

#include <rocksdb/db.h>

#include <cstdint>
#include <filesystem>

#include "vault/base/error.h"

namespace exhibit::store {

inline constexpr std::size_t kMostLogs = 256;
inline constexpr std::uint64_t kMostLogBytes = 1 << 20;
inline constexpr std::size_t kMostRuns = 10;
inline constexpr std::uint64_t kLargeRunBytes = std::uint64_t{1} << 30;

// Turns logs into a run, if there are many. For a writer that has opened the database.
Result<void> TurnLogsIntoRuns(rocksdb::DB& database, const std::filesystem::path& store_folder);

// The same of what a writer leaves. What fails here the next one does.
void TidyUpAtClose(rocksdb::DB& database);

// Merges runs, if there are many. Cheap if there are not: call it after each commit.
Result<void> MergeRuns(rocksdb::DB& database);

}  // namespace exhibit::store
