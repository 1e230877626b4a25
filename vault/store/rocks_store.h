// The store in a RocksDB database and packs (store.h says what it promises, rocks_keys.h what the database
// holds, packs.h where sealed files lie).
//
//   store/              the database: everything that is public or small, and where the sealed files lie
//   store/packs/        the sealed files
//
// RocksDB's defaults favour staying up over telling the truth; each option that differs stands in
// rocks_options.cc with its reason. A reader opens the database read-only: it writes nothing anywhere, and
// stays beside a living writer.
#pragma once

#include "vault/store/store.h"

namespace rocksdb {
class Env;
}

namespace exhibit::store {

struct RocksOptions {
  // Where files of the database are read and written; null for the real disk. For tests that let the disk fail.
  rocksdb::Env* env = nullptr;
};

// Makes an empty store. kExists if there is anything at `folder`.
Result<std::unique_ptr<Store>> CreateRocksStore(const std::filesystem::path& folder, const RocksOptions& options = {});

// Opens for writing. kUnsupported, with the version found, for a store of another format; kTampered
// if the write-ahead log is damaged before its tail.
Result<std::unique_ptr<Store>> OpenRocksStore(const std::filesystem::path& folder, const RocksOptions& options = {});

// Opens for reading, beside a writer or on a medium that cannot be written. Sees what was stored up
// to now. Errors as for OpenRocksStore; nothing in `folder` is changed.
Result<std::unique_ptr<ReadableStore>> OpenRocksStoreForReading(const std::filesystem::path& folder,
                                                                const RocksOptions& options = {});

}  // namespace exhibit::store
