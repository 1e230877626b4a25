#include "tests/store/conformance.h"

#include "tests/store/unsynced_log.h"
#include "vault/store/rocks_store.h"

namespace exhibit::testing {

namespace fs = std::filesystem;

RocksPlace::RocksPlace() : disk_(std::make_shared<UnsyncedLog>()), env_(rocksdb::NewCompositeEnv(disk_)) {}
RocksPlace::~RocksPlace() = default;

Result<std::unique_ptr<store::Store>> RocksPlace::Create() { return store::RocksEngine(env_.get()).Create(store()); }
Result<std::unique_ptr<store::Store>> RocksPlace::Open() { return store::RocksEngine(env_.get()).Open(store()); }
Result<std::unique_ptr<store::ReadableStore>> RocksPlace::OpenForReading() {
  return store::RocksEngine(env_.get()).OpenForReading(store());
}

void RocksPlace::Crash() {
  const fs::path before = store();
  ++crashes_;
  fs::copy(before, store(), fs::copy_options::recursive);
  disk_->Heal();
}

void RocksPlace::FailNextAppend() { disk_->FailFromNow(); }

}  // namespace exhibit::testing
