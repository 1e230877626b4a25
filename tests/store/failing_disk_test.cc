// Goal: an I/O error at the worst moment costs what was being added, never the vault.
// Method: a store over a file system that fails at one kind of call when told. (Every call in turn,
// under the real program, is tests/crash/.)
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>

#include "tests/support/vault_fixture.h"
#include "vault/store/rocks_store.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

// Writes to the log, and then says that it could not be synced.
class UnsyncedLog final : public rocksdb::FileSystemWrapper {
 public:
  UnsyncedLog() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "UnsyncedLog"; }

  void FailFromNow() { *fails_ = true; }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(path, options, file, debug);
    if (status.ok() && path.ends_with(".log")) *file = std::make_unique<File>(std::move(*file), fails_);
    return status;
  }

 private:
  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSWritableFile>&& file, std::shared_ptr<std::atomic<bool>> fails)
        : FSWritableFileOwnerWrapper(std::move(file)), fails_(std::move(fails)) {}
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
      if (*fails_) return rocksdb::IOStatus::IOError("while syncing the log");
      return FSWritableFileOwnerWrapper::Sync(options, debug);
    }

   private:
    std::shared_ptr<std::atomic<bool>> fails_;
  };
  std::shared_ptr<std::atomic<bool>> fails_ = std::make_shared<std::atomic<bool>>(false);
};

// Fails one sync of a folder, and has nothing to say against the next: so does a kernel.
class UnsyncedFolder final : public rocksdb::FileSystemWrapper {
 public:
  explicit UnsyncedFolder(int before) : FileSystemWrapper(rocksdb::FileSystem::Default()), left_(before) {}
  const char* Name() const override { return "UnsyncedFolder"; }

  bool has_failed() const { return left_ < 0; }

  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* folder,
                                 rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status = FileSystemWrapper::NewDirectory(path, options, folder, debug);
    if (status.ok()) *folder = std::make_unique<Folder>(std::move(*folder), left_);
    return status;
  }

 private:
  class Folder final : public rocksdb::FSDirectoryWrapper {
   public:
    Folder(std::unique_ptr<rocksdb::FSDirectory>&& folder, std::atomic<int>& left)
        : FSDirectoryWrapper(std::move(folder)), left_(left) {}
    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
      if (left_-- == 0) return rocksdb::IOStatus::IOError("while syncing a folder");
      return FSDirectoryWrapper::Fsync(options, debug);
    }
    rocksdb::IOStatus FsyncWithDirOptions(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug,
                                          const rocksdb::DirFsyncOptions& which) override {
      if (left_-- == 0) return rocksdb::IOStatus::IOError("while syncing a folder");
      return FSDirectoryWrapper::FsyncWithDirOptions(options, debug, which);
    }

   private:
    std::atomic<int>& left_;
  };
  std::atomic<int> left_;
};

}  // namespace

// RocksDB passes over some of these errors. What was to be durable is not, and no later sync tells.
TEST_CASE("no folder's sync fails without a word, when a store is made and when it is written to", "[store]") {
  int failed = 0;
  for (int before = 0;; ++before) {
    INFO("syncs before the one that fails: " << before);
    const TemporaryFolder folder;
    const auto disk = std::make_shared<UnsyncedFolder>(before);
    const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(disk);
    bool has_failed_before_the_end = false;
    const auto work = [&]() -> Result<void> {
      TRY(const auto store, store::CreateRocksStore(folder.path() / "store", {env.get()}));
      const Bytes entry = ToBytes(ViewOf("an entry"));
      store::AppendBatch batch;
      batch.entries.push_back({{0}, entry});
      TRY_VOID(store->Append(batch));
      TRY_VOID(store->DestroySealedFile({0}));
      has_failed_before_the_end = disk->has_failed();  // what closing the store syncs is acknowledged to nobody
      return {};
    };
    const Result<void> done = work();
    if (done) {
      CHECK_FALSE(has_failed_before_the_end);
      break;
    }
    ++failed;
    CHECK_FAILS(done, ErrorCode::kIo, "sync");
  }
  CHECK(failed > 1);
}

// Whether the entry is there after the failed sync, nobody knows: its sealed file must not go before it.
TEST_CASE("an append whose sync failed leaves its sealed file, whichever way it went", "[store]") {
  const TemporaryFolder folder;
  const fs::path place = folder.path() / "store";
  const auto disk = std::make_shared<UnsyncedLog>();
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(disk);
  const Bytes entry = ToBytes(ViewOf("an entry"));
  {
    const auto store = Unwrap(store::CreateRocksStore(place, {env.get()}));
    const auto stage = Unwrap(store->NewStage());
    REQUIRE_OK(stage->Begin(Bytes(168, 1)));
    REQUIRE_OK(stage->Put(Bytes(1000, 7)));
    store::AppendBatch batch;
    batch.entries.push_back({{0}, entry});
    batch.sealed.push_back({{0}, Unwrap(stage->End({}))});
    REQUIRE_OK(stage->Sync());
    disk->FailFromNow();
    CHECK_FAILS(store->Append(batch), ErrorCode::kIo, "append to the store");
    CHECK_FAILS(store->NewStage(), ErrorCode::kIo, "an earlier write failed");
  }
  // Here the record reached the disk, whatever the sync said.
  const auto store = Unwrap(store::OpenRocksStore(place));
  REQUIRE_OK(store->DropUnreferenced());
  REQUIRE(Unwrap(store->CountEntries()).value == 1);
  CHECK(Unwrap(store->ReadPayload({0}, {0, 1000})) == Bytes(1000, 7));
}

}  // namespace exhibit::testing
