// The file system as RocksDB sees it, with one difference: files of options stay in memory.
//
// At each opening for writing RocksDB writes its options, some ten kilobytes, into a new file, and syncs it.
// Nobody reads them: each opening sets every option anew (rocks_options.cc). For a vault into which ten
// thousand commands add an item each they would be most of what is written, and a part of the vault's
// folder whose bytes mean nothing.
#pragma once

#include <rocksdb/env.h>

#include <memory>

namespace exhibit::store {

// `base` null is the real disk.
std::unique_ptr<rocksdb::Env> EnvWithoutOptionsFiles(rocksdb::Env* base);

}  // namespace exhibit::store
