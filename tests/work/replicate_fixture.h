// A vault, places for copies of it in each kind of store, and a look at whether a copy gives the same bytes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/memory_objects.h"
#include "tests/support/vault_fixture.h"
#include "vault/store/object_engine.h"
#include "vault/work/replicate.h"

namespace exhibit::testing {

// Where a copy is.
class CopyAt {
 public:
  CopyAt(std::filesystem::path folder, work::ReplicaPlace::Kind kind) : folder_(std::move(folder)), kind_(kind) {}
  virtual ~CopyAt() = default;
  virtual const store::Engine& engine() const = 0;
  work::ReplicaPlace place() const { return {kind_, folder_, "the copy", &engine()}; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  work::ReplicaPlace::Kind kind_;
};

class OnDisk final : public CopyAt {
 public:
  explicit OnDisk(std::filesystem::path folder) : CopyAt(std::move(folder), work::ReplicaPlace::Kind::kFolder) {}
  const store::Engine& engine() const override { return engine_; }

 private:
  store::RocksEngine engine_;
};

class InMemory final : public CopyAt {
 public:
  explicit InMemory(std::filesystem::path folder) : CopyAt(std::move(folder), work::ReplicaPlace::Kind::kElsewhere) {}
  const store::Engine& engine() const override { return disk; }
  store::MemoryDisk disk;
};

// A new engine for each look, as of another process.
class InBuckets final : public CopyAt {
 public:
  explicit InBuckets(std::filesystem::path folder) : CopyAt(std::move(folder), work::ReplicaPlace::Kind::kElsewhere) {
    Restart();
  }
  const store::Engine& engine() const override { return *engine_; }
  void Restart() {
    const auto bucket = [&](std::string name, MemoryBucket::Kind kind) {
      return std::make_shared<MemoryBucket>(objects, std::move(name), kind);
    };
    using std::chrono::milliseconds;
    engine_ = std::make_unique<store::ObjectEngine>(
        store::VaultBuckets{bucket("log", MemoryBucket::Kind::kPlain), bucket("data", MemoryBucket::Kind::kLocking)},
        store::Patience{.in_all = milliseconds(20), .first_pause = milliseconds(1), .longest_pause = milliseconds(5)},
        store::ObjectSettings{.log_lock_days = 30, .payload_lock_days = 10, .weak = {}, .other = {}});
  }
  // After it was opened: the objects that its log names.
  std::shared_ptr<const store::ObjectLog> Log() const { return Unwrap(engine_->Log(VaultPaths(folder()).store)); }
  std::shared_ptr<MemoryPlaceOfObjects> objects = std::make_shared<MemoryPlaceOfObjects>();

 private:
  std::unique_ptr<store::ObjectEngine> engine_;
};

struct ReplicateFixture : VaultFixture {
  explicit ReplicateFixture(Keep keep = Keep::kInMemory) : VaultFixture(keep) {
    Add({{"a", "one"}, {"b", "two"}});
    Act(custody::Note{}, {{"text", "seen"}});
    Add({{"c", "three"}});
  }

  work::ReplicateJob JobTo(const CopyAt& copy) {
    work::ReplicateJob job;
    job.open_source = [this] { return OpenReader(); };
    job.source = vault();
    job.source_engine = Opening().engine;
    job.to = copy.place();
    return job;
  }
  Result<work::Replicated> Replicate(const CopyAt& copy) { return work::Replicate(JobTo(copy), pool()); }
  // From one copy to another.
  Result<work::Replicated> Replicate(const CopyAt& from, const CopyAt& to) {
    work::ReplicateJob job = JobTo(to);
    job.open_source = [&] { return Open(from); };
    job.source = from.folder();
    job.source_engine = &from.engine();
    return work::Replicate(job, pool());
  }

  static Result<std::unique_ptr<VaultReader>> Open(const CopyAt& copy) {
    return VaultReader::Open(copy.folder(), {{}, &copy.engine()});
  }
  // By somebody who has not seen the vault, and so not how long it is.
  template <typename Look>
  void AsStranger(Look look) {
    UseState("stranger-" + std::to_string(++strangers_));
    look();
    UseState("state");
  }

  void CheckVerifies(const CopyAt& copy) {
    const auto reader = Unwrap(Open(copy));
    const auto report = VerifySource(*reader, verify::Depth::kContent);
    INFO((report.ok() ? "" : verify::FirstProblem(report)));
    CHECK(report.ok());
    CHECK(report.unopened.empty());
  }

  // That they give the same bytes, whatever is asked.
  void CheckSame(const VaultReader& vault, const VaultReader& copy) {
    REQUIRE(copy.head() == vault.head());
    CHECK(Equal(copy.head_note(), vault.head_note()));
    CHECK(copy.fingerprint() == vault.fingerprint());
    for (std::uint64_t at = 0; at < vault.head().size.value; ++at) {
      CAPTURE(at);
      CheckAlike(copy.ReadEntry({at}), vault.ReadEntry({at}));
      CheckAlike(copy.ReadCheckpoint({at + 1}), vault.ReadCheckpoint({at + 1}));
      CheckAlike(copy.ReadHeader({at}), vault.ReadHeader({at}));
      CheckAlike(copy.ReadLayout({at}), vault.ReadLayout({at}));
      CheckAlike(copy.ReadBlockHashes({at}), vault.ReadBlockHashes({at}));
      for (std::uint64_t under = 0; under < vault.head().size.value; ++under)
        CheckAlike(copy.ReadRewrapped({at}, {under}), vault.ReadRewrapped({at}, {under}));
    }
    CHECK(Unwrap(copy.ReadActs({})) == Unwrap(vault.ReadActs({})));
  }
  static void CheckAlike(const Result<Bytes>& one, const Result<Bytes>& other) {
    REQUIRE(one.has_value() == other.has_value());
    if (one) CHECK(Equal(*one, *other));
    if (!one) CHECK(one.error().code == other.error().code);
  }

  void CheckWhole(const CopyAt& copy) {
    CheckSame(*Unwrap(OpenReader()), *Unwrap(Open(copy)));
    CheckVerifies(copy);
  }

 private:
  int strangers_ = 0;
};

struct ReplicateOnDisk : ReplicateFixture {
  ReplicateOnDisk() : ReplicateFixture(Keep::kOnDisk) {}
};

// All three kinds, fresh.
inline std::vector<std::unique_ptr<CopyAt>> Copies(const std::filesystem::path& below) {
  std::vector<std::unique_ptr<CopyAt>> copies;
  copies.push_back(std::make_unique<OnDisk>(below / "disk"));
  copies.push_back(std::make_unique<InMemory>(below / "memory"));
  copies.push_back(std::make_unique<InBuckets>(below / "buckets"));
  return copies;
}

}  // namespace exhibit::testing
