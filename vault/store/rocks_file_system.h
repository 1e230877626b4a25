// The file system that RocksDB gets, with four differences.
//
// It remembers that a folder could not be synced. RocksDB ignores some of these errors, and a kernel reports
// each once: a later sync succeeds, although the lost names never reach the disk.
//
// It syncs a folder only if a name in it changed since the last time: RocksDB syncs its folder three times at each opening.
//
// The list of files that an opening writes stays in memory until the list changes (rocks_file_list.h).
//
// Files of options stay in memory.
// At each opening for writing RocksDB writes its options, some ten kilobytes, into a new file, and syncs it.
// Nobody reads them: each opening sets every option anew (rocks_options.cc). For a vault into which ten
// thousand commands add an item each they would be most of what is written, and a part of the vault's
// folder whose bytes mean nothing.
#pragma once

#include <rocksdb/env.h>

#include <atomic>
#include <memory>

namespace exhibit::store {

// `base` null is the real disk. `sync_failed` outlives the result; it is set once a folder could not be synced, and
// never cleared.
std::unique_ptr<rocksdb::Env> StoreEnv(rocksdb::Env* base, std::atomic<bool>& sync_failed);

}  // namespace exhibit::store
