#include "vault/store/rocks_file_system.h"

#include <rocksdb/file_system.h>

#include <string>
#include <string_view>

namespace exhibit::store {
namespace {

using rocksdb::IOStatus;

class OptionsInMemory final : public rocksdb::FileSystemWrapper {
 public:
  explicit OptionsInMemory(rocksdb::Env* base)
      : FileSystemWrapper(base->GetFileSystem()), memory_(rocksdb::NewMemEnv(base)), files_(memory_->GetFileSystem()) {}
  const char* Name() const override { return "ExhibitFileSystem"; }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, rocksdb::IODebugContext* debug) override {
    return For(path).NewWritableFile(path, options, file, debug);
  }
  IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* file,
                             rocksdb::IODebugContext* debug) override {
    return For(path).NewSequentialFile(path, options, file, debug);
  }
  IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                               rocksdb::IODebugContext* debug) override {
    return For(path).NewRandomAccessFile(path, options, file, debug);
  }
  IOStatus FileExists(const std::string& path, const rocksdb::IOOptions& options,
                      rocksdb::IODebugContext* debug) override {
    return For(path).FileExists(path, options, debug);
  }
  IOStatus GetFileSize(const std::string& path, const rocksdb::IOOptions& options, std::uint64_t* size,
                       rocksdb::IODebugContext* debug) override {
    return For(path).GetFileSize(path, options, size, debug);
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                      rocksdb::IODebugContext* debug) override {
    return For(from).RenameFile(from, to, options, debug);
  }
  IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                      rocksdb::IODebugContext* debug) override {
    return For(path).DeleteFile(path, options, debug);
  }

 private:
  rocksdb::FileSystem& For(const std::string& path) {
    const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
    return name.starts_with("OPTIONS-") ? *files_ : *target();
  }

  std::unique_ptr<rocksdb::Env> memory_;
  std::shared_ptr<rocksdb::FileSystem> files_;
};

}  // namespace

std::unique_ptr<rocksdb::Env> EnvWithoutOptionsFiles(rocksdb::Env* base) {
  if (base == nullptr) base = rocksdb::Env::Default();
  return rocksdb::NewCompositeEnv(std::make_shared<OptionsInMemory>(base));
}

}  // namespace exhibit::store
