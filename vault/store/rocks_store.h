// The store in a RocksDB database (store.h says what it promises).
//
//   column family   key                          value
//   default         "format"                     "exhibit-store 1"
//   entries         sequence u64                 the entry's bytes
//   acts            subject u64, sequence u64    the entry's type (custody/act_index.h)
//   headers         sequence u64                 the age header
//                   sequence u64, entry u64      the header that this reseal entry made anew
//   block-hashes    sequence u64                 the leaf hash of each block, 32 bytes each
//   payload         sequence u64, block u64      the block's bytes
//   tiles           level u8, index u64          up to 256 hashes of 32 bytes
//   checkpoints     size u64                     the signed checkpoint
//
// Integers are big-endian, so that the order of keys is the order of numbers.
//
// RocksDB's defaults favour staying up over telling the truth; each option that differs stands in
// rocks_options.cc with its reason. A reader is a secondary instance: it writes nothing into the
// vault's folder and stays beside a living writer.
#pragma once

#include "vault/store/store.h"

namespace rocksdb {
class Env;
}

namespace exhibit::store {

struct RocksOptions {
  // Where files are read and written; null for the real disk. For tests that let the disk fail.
  rocksdb::Env* env = nullptr;
};

// Makes an empty store. kExists if there is anything at `folder`.
Result<std::unique_ptr<Store>> CreateRocksStore(const std::filesystem::path& folder,
                                                const RocksOptions& options = {});

// Opens for writing. kUnsupported, with the version found, for a store of another format; kTampered
// if the write-ahead log is damaged before its tail.
Result<std::unique_ptr<Store>> OpenRocksStore(const std::filesystem::path& folder,
                                              const RocksOptions& options = {});

// Opens for reading, beside a writer or on a medium that cannot be written. Sees what was stored up
// to now. Errors as for OpenRocksStore; nothing in `folder` is changed.
Result<std::unique_ptr<ReadableStore>> OpenRocksStoreForReading(const std::filesystem::path& folder,
                                                                const RocksOptions& options = {});

}  // namespace exhibit::store
