// The stores that the suite of promises runs over (conformance_test.cc; store/store.h has the promises).
//
// A store is tested through its `Place`: where it is made, opened and damaged. A further store adds its place here and to
// `Places`, and has all tests.
#pragma once

#include <rocksdb/env.h>

#include <memory>
#include <tuple>

#include "tests/support/memory_objects.h"
#include "tests/support/temporary_folder.h"
#include "vault/store/engine.h"
#include "vault/store/memory_store.h"
#include "vault/store/object_engine.h"

namespace exhibit::testing {

class UnsyncedLog;

// Where one store is. What the tests do to it:
class Place {
 public:
  // What a store of one machine can do, and one of several machines cannot.
  static constexpr bool kTakesBack = true;   // what was staged and no entry names
  static constexpr bool kOverwrites = true;  // what was destroyed, also where a reader knows where it was
  virtual ~Place() = default;
  virtual Result<std::unique_ptr<store::Store>> Create() = 0;
  virtual Result<std::unique_ptr<store::Store>> Open() = 0;
  virtual Result<std::unique_ptr<store::ReadableStore>> OpenForReading() = 0;
  // From here on, what is opened is what a crash of this moment leaves, as harsh as this store's place can be. Stores
  // that are open go on with what they had.
  virtual void Crash() = 0;
  // The next Append fails, and whether it was kept is not known.
  virtual void FailNextAppend() = 0;
};

// RocksDB on the real disk. A crash kills the process (tests/crash/ cuts the power of the real programs); an append fails
// in the sync of the log, whose bytes were written.
class RocksPlace final : public Place {
 public:
  RocksPlace();
  ~RocksPlace() override;
  Result<std::unique_ptr<store::Store>> Create() override;
  Result<std::unique_ptr<store::Store>> Open() override;
  Result<std::unique_ptr<store::ReadableStore>> OpenForReading() override;
  void Crash() override;
  void FailNextAppend() override;

 private:
  std::filesystem::path store() const { return folder_.path() / std::to_string(crashes_); }
  TemporaryFolder folder_;
  int crashes_ = 0;
  std::shared_ptr<UnsyncedLog> disk_;
  std::unique_ptr<rocksdb::Env> env_;
};

// A crash cuts the power. An append fails and was not done, or fails and was done.
template <store::MemoryDisk::Fault kFault>
class MemoryPlace final : public Place {
 public:
  Result<std::unique_ptr<store::Store>> Create() override { return disk_.Create(); }
  Result<std::unique_ptr<store::Store>> Open() override { return disk_.Open(); }
  Result<std::unique_ptr<store::ReadableStore>> OpenForReading() override { return disk_.OpenForReading(); }
  void Crash() override { disk_ = disk_.AfterPowerCut(); }
  void FailNextAppend() override {
    disk_.FailAt([](std::string_view call) { return call == "append to the store"; }, kFault);
  }

 private:
  store::MemoryDisk disk_;
};

// Two buckets in memory, and the folder of one machine. The engine is another one each time, as of another process. An append
// fails because its request is lost, or its reply, or it comes when nobody waits for it any more.
class ObjectPlace : public Place {
 public:
  static constexpr bool kTakesBack = false;
  static constexpr bool kOverwrites = false;
  explicit ObjectPlace(RequestFault fault) : fault_(fault) {}
  Result<std::unique_ptr<store::Store>> Create() override;
  Result<std::unique_ptr<store::Store>> Open() override;
  Result<std::unique_ptr<store::ReadableStore>> OpenForReading() override;
  void Crash() override;
  void FailNextAppend() override;
  MemoryPlaceOfObjects& objects() { return *objects_; }

 protected:
  store::ObjectEngine Engine() const;
  std::filesystem::path folder() const { return folder_.path() / std::to_string(crashes_); }
  RequestFault fault_;
  int crashes_ = 0;
  TemporaryFolder folder_;
  std::shared_ptr<MemoryPlaceOfObjects> objects_ = std::make_shared<MemoryPlaceOfObjects>();
};
template <RequestFault kFault>
class ObjectPlaceWith final : public ObjectPlace {
 public:
  ObjectPlaceWith() : ObjectPlace(kFault) {}
};
// A crash burns the machine: its folder is gone.
class ObjectPlaceWithoutMachine final : public ObjectPlace {
 public:
  ObjectPlaceWithoutMachine() : ObjectPlace(RequestFault::kLost) {}
  void Crash() override;
};

using MemoryThatDoesNot = MemoryPlace<store::MemoryDisk::Fault::kNotDone>;
using MemoryThatDoes = MemoryPlace<store::MemoryDisk::Fault::kDone>;
using Places = std::tuple<RocksPlace, MemoryThatDoesNot, MemoryThatDoes, ObjectPlaceWith<RequestFault::kLost>,
                          ObjectPlaceWith<RequestFault::kReplyLost>, ObjectPlaceWith<RequestFault::kDelayed>,
                          ObjectPlaceWithoutMachine>;

}  // namespace exhibit::testing
