#include "vault/store/rocks_files.h"

#include <rocksdb/file_system.h>

#include <atomic>
#include <string>

namespace exhibit::store {
namespace {

std::atomic<int> pauses{0};

class PausingFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  const char* Name() const override { return "ExhibitPausingFileSystem"; }

  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override {
    if (pauses > 0 && path.ends_with(".sst")) return rocksdb::IOStatus::OK();
    return FileSystemWrapper::DeleteFile(path, options, debug);
  }
};

}  // namespace

std::unique_ptr<rocksdb::Env> EnvWithDeletionPause(rocksdb::Env* base) {
  if (base == nullptr) base = rocksdb::Env::Default();
  return rocksdb::NewCompositeEnv(std::make_shared<PausingFileSystem>(base->GetFileSystem()));
}

DeletionPause::DeletionPause() { ++pauses; }
DeletionPause::~DeletionPause() { --pauses; }

}  // namespace exhibit::store
