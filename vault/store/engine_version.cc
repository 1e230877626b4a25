#include "vault/store/engine_version.h"

#include <rocksdb/version.h>

#include "vault/base/format.h"

namespace exhibit::store {

std::string EngineVersion() { return Format("RocksDB {}.{}.{}", ROCKSDB_MAJOR, ROCKSDB_MINOR, ROCKSDB_PATCH); }

}  // namespace exhibit::store
