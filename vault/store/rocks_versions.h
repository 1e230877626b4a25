// The differences between the versions of RocksDB that the store is built with: 7.8 (Debian 12) and newer.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/version.h>

#include <memory>

namespace exhibit::store {

#define EXHIBIT_ROCKSDB_SINCE(major, minor) \
  (ROCKSDB_MAJOR > (major) || (ROCKSDB_MAJOR == (major) && ROCKSDB_MINOR >= (minor)))

// The type that rocksdb::DB::Open fills in; from 9.11 on it owns the database.
#if EXHIBIT_ROCKSDB_SINCE(9, 11)
using OpenedDatabase = std::unique_ptr<rocksdb::DB>;
inline std::unique_ptr<rocksdb::DB> Own(OpenedDatabase database) { return database; }
#else
using OpenedDatabase = rocksdb::DB*;
inline std::unique_ptr<rocksdb::DB> Own(OpenedDatabase database) { return std::unique_ptr<rocksdb::DB>(database); }
#endif

#undef EXHIBIT_ROCKSDB_SINCE

}  // namespace exhibit::store
