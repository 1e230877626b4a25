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
      TRY(const auto store, store::RocksEngine(env.get()).Create(folder.path() / "store"));
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

}  // namespace exhibit::testing
