// Goal: an I/O error at the worst moment costs what was being added, never the vault.
// Method: a store over a file system that fails at one kind of call when told. (Every call in turn,
// under the real program, is tests/crash/.)
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "tests/support/vault_fixture.h"
#include "vault/store/rocks_store.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

// Writes to the manifest, and then says that it could not be synced.
class UnsyncedManifest final : public rocksdb::FileSystemWrapper {
 public:
  UnsyncedManifest() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "UnsyncedManifest"; }

  void FailFromNow() { *fails_ = true; }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(path, options, file, debug);
    if (status.ok() && path.find("MANIFEST") != std::string::npos) {
      *file = std::make_unique<File>(std::move(*file), fails_);
    }
    return status;
  }

 private:
  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSWritableFile>&& file, std::shared_ptr<std::atomic<bool>> fails)
        : FSWritableFileOwnerWrapper(std::move(file)), fails_(std::move(fails)) {}
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
      if (*fails_) return rocksdb::IOStatus::IOError("while syncing the manifest");
      return FSWritableFileOwnerWrapper::Sync(options, debug);
    }

   private:
    std::shared_ptr<std::atomic<bool>> fails_;
  };
  std::shared_ptr<std::atomic<bool>> fails_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace

TEST_CASE("a failed sync while payload is adopted leaves a store that opens", "[store]") {
  const TemporaryFolder folder;
  const fs::path place = folder.path() / "store";
  const auto disk = std::make_shared<UnsyncedManifest>();
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(disk);
  {
    const auto store = Unwrap(store::CreateRocksStore(place, {env.get()}));
    const auto stage = Unwrap(store->NewStage());
    REQUIRE_OK(stage->Put({{0}, 0}, Bytes(1000, 7)));
    disk->FailFromNow();
    CHECK_FAILS(stage->Adopt(), ErrorCode::kIo, "adopt staged blocks");
  }
  // The record of the adoption is in the manifest: it was written, whatever the sync said.
  const auto store = Unwrap(store::OpenRocksStore(place));
  REQUIRE_OK(store->DropPayloadFrom({0}));
  CHECK_FAILS(store->ReadBlock({{0}, 0}), ErrorCode::kNotFound, "block 0");
  for (const auto& file : fs::directory_iterator(place)) {
    CHECK((file.path().extension() != ".sst" || file.file_size() < 1000));
  }
}

}  // namespace exhibit::testing
