// Staged payload: sorted files written beside the database and adopted by it whole.
//
// A large item's blocks go into files of RocksDB's own format under `<store>/staging/`, each block
// written once and never through the write-ahead log. Adopting moves the files into the database in
// one step; until then they are nobody's, and the next writer deletes what a crash left.
#pragma once

#include <array>
#include <filesystem>
#include <memory>

#include "vault/store/store.h"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
}  // namespace rocksdb

namespace exhibit::store {

struct RocksOptions;

// The key of a block: sequence and block number, 8 bytes each.
std::array<std::uint8_t, 16> StoredKey(const BlockKey& key);

Result<std::unique_ptr<PayloadStage>> NewRocksStage(const std::filesystem::path& store_folder,
                                                    rocksdb::DB& database,
                                                    rocksdb::ColumnFamilyHandle& payload,
                                                    const RocksOptions& options);

// Deletes what stages of an interrupted writer left. REQUIRES: the caller is the only writer.
Result<void> RemoveLeftoverStages(const std::filesystem::path& store_folder);

}  // namespace exhibit::store
