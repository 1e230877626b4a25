// The options of RocksDB, each that differs from the default with its reason (rocks_options.cc).
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/status.h>

#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/store/rocks_store.h"

namespace exhibit::store {

// The column families, in the order of their handles.
enum class Family : std::size_t {
  kDefault,
  kEntries,
  kActs,
  kHeaders,
  kBlockHashes,
  kPayload,
  kTiles,
  kCheckpoints,
};

rocksdb::DBOptions DatabaseOptions(const RocksOptions& options);
std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors();
// For staged files, which must fit the payload family that adopts them.
rocksdb::Options StageOptions(const RocksOptions& options);

// Null for success. `what` names the thing: "entry 7".
Error ErrorOf(const rocksdb::Status& status, std::string_view what);

}  // namespace exhibit::store
