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

store::ObjectEngine ObjectPlace::Engine() const {
  const auto bucket = [&](std::string name, MemoryBucket::Kind kind) {
    return std::make_shared<MemoryBucket>(objects_, std::move(name), kind);
  };
  using std::chrono::milliseconds;
  return store::ObjectEngine(
      {bucket("log", MemoryBucket::Kind::kPlain), bucket("data", MemoryBucket::Kind::kLocking)},
      {.in_all = milliseconds(20), .first_pause = milliseconds(1), .longest_pause = milliseconds(5)},
      {.log_lock_days = 30, .payload_lock_days = 10, .weak = {}, .other = {}});
}

Result<std::unique_ptr<store::Store>> ObjectPlace::Create() { return Engine().Create(folder()); }
Result<std::unique_ptr<store::Store>> ObjectPlace::Open() {
  fs::create_directories(folder());
  return Engine().Open(folder());
}
Result<std::unique_ptr<store::ReadableStore>> ObjectPlace::OpenForReading() {
  return Engine().OpenForReading(folder());
}

void ObjectPlace::Crash() {
  const fs::path before = folder();
  ++crashes_;
  fs::create_directories(before);
  fs::copy(before, folder(), fs::copy_options::recursive);
  objects_->Heal();
  objects_->Deliver();
}

void ObjectPlaceWithoutMachine::Crash() {
  ++crashes_;
  objects_->Heal();
}

// All requests that create, and all that ask whether it was created.
void ObjectPlace::FailNextAppend() {
  objects_->Choose([fault = fault_](std::string_view call, std::string_view bucket, std::string_view key) {
    if (bucket != "log" || !key.starts_with("log/")) return RequestFault::kNone;
    return call == "create" ? fault : RequestFault::kLost;
  });
}

}  // namespace exhibit::testing
