// The file system as RocksDB sees it, with one difference: while a `DeletionPause` lives, it deletes
// no sorted file.
//
// Why: adopting staged files writes a record into RocksDB's manifest and syncs it. If the sync fails,
// the record may be there or not, and nobody can tell; RocksDB 7.8 takes the adoption back and
// deletes the files. If the record is there after all, the manifest names files that are gone, and
// the database does not open again: a moment's I/O error would make the whole vault unusable. So the
// files stay. With the record they are abandoned payload, which the next writer drops; without it
// they are nobody's, and RocksDB removes them when it opens.
#pragma once

#include <rocksdb/env.h>

#include <memory>

namespace exhibit::store {

// `base` null is the real disk.
std::unique_ptr<rocksdb::Env> EnvWithDeletionPause(rocksdb::Env* base);

// For all databases of this process; of no harm to another one, whose own next opening tidies up.
class DeletionPause {
 public:
  DeletionPause();
  ~DeletionPause();
  DeletionPause(const DeletionPause&) = delete;
  DeletionPause& operator=(const DeletionPause&) = delete;
};

}  // namespace exhibit::store
