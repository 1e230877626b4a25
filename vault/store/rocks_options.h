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

rocksdb::Options DatabaseOptions(rocksdb::Env& env);

// Null for success. `what` names the thing: "entry 7".
Error ErrorOf(const rocksdb::Status& status, std::string_view what);
// The same for a database that is being opened and must be there: a missing file is damage.
Error OpeningErrorOf(const rocksdb::Status& status, std::string_view what);

}  // namespace exhibit::store
