// The store in a RocksDB database and packs (store.h says what it promises, rocks_keys.h what the database
// holds, packs.h where sealed files lie).
//
//   store/              the database: everything that is public or small, and where the sealed files lie
//   store/packs/        the sealed files
//
// RocksDB's defaults prefer availability to integrity; each option that differs is in
// rocks_options.cc, with its reason. A reader opens the database read-only: it writes nothing anywhere, and
// works beside a writer.
#pragma once

#include "vault/store/engine.h"

namespace rocksdb {
class Env;
}

namespace exhibit::store {

class RocksEngine final : public Engine {
 public:
  // `env` is where files of the database are read and written; null for the real disk. For tests that let the disk fail.
  explicit RocksEngine(rocksdb::Env* env = nullptr) : env_(env) {}

  Result<std::unique_ptr<Store>> Create(const std::filesystem::path& folder) const override;
  Result<std::unique_ptr<Store>> Open(const std::filesystem::path& folder) const override;
  Result<std::unique_ptr<ReadableStore>> OpenForReading(const std::filesystem::path& folder) const override;

 private:
  rocksdb::Env* env_;
};

}  // namespace exhibit::store
