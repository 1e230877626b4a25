#include "vault/store/rocks_stage.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/sst_file_writer.h>

#include <atomic>
#include <string>
#include <vector>

#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/store/rocks_files.h"
#include "vault/store/rocks_options.h"

namespace exhibit::store {
namespace {

namespace fs = std::filesystem;

// Small enough that a file's final sync is short, large enough that an item of 50 GB has few.
constexpr std::uint64_t kStageFileBytes = 256 << 20;

fs::path StagingFolder(const fs::path& store_folder) { return store_folder / "staging"; }

// Two stages of one writer never share a name; an earlier writer's leftovers are gone by now.
std::uint64_t NextFileNumber() {
  static std::atomic<std::uint64_t> next{0};
  return next++;
}

rocksdb::Slice SliceOf(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class RocksStage final : public PayloadStage {
 public:
  RocksStage(fs::path folder, rocksdb::DB& database, rocksdb::ColumnFamilyHandle& payload,
             const RocksOptions& options)
      : folder_(std::move(folder)), database_(database), payload_(payload), options_(StageOptions(options)) {}

  ~RocksStage() override {
    writer_.reset();
    for (const std::string& file : files_) {
      // After adoption the database owns them under other names.
      options_.env->DeleteFile(file).PermitUncheckedError();
    }
  }

  Result<void> Put(BlockKey key, ByteView bytes) override {
    if (writer_ != nullptr && file_bytes_ >= kStageFileBytes) TRY_VOID(FinishFile());
    if (writer_ == nullptr) TRY_VOID(BeginFile());
    const rocksdb::Status status = writer_->Put(SliceOf(StoredKey(key)), SliceOf(bytes));
    if (!status.ok()) return Fail(ErrorOf(status, "stage a block"));
    file_bytes_ += bytes.size();
    return {};
  }

  Result<void> Adopt() override {
    if (writer_ != nullptr) TRY_VOID(FinishFile());
    if (files_.empty()) return {};
    rocksdb::IngestExternalFileOptions ingest;
    ingest.move_files = true;
    ingest.write_global_seqno = false;  // leaves the files' bytes as they were synced
    const DeletionPause pause;
    const rocksdb::Status status = database_.IngestExternalFile(&payload_, files_, ingest);
    if (!status.ok()) return Fail(ErrorOf(status, "adopt staged blocks"));
    return {};
  }

 private:
  Result<void> BeginFile() {
    // The default drops the file from the page cache as it is written, which makes the reading back
    // of it cold.
    writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(options_), options_, &payload_,
                                                       /*invalidate_page_cache=*/false);
    files_.push_back((folder_ / ("stage-" + std::to_string(NextFileNumber()) + ".sst")).native());
    file_bytes_ = 0;
    const rocksdb::Status status = writer_->Open(files_.back());
    if (!status.ok()) return Fail(ErrorOf(status, "stage blocks in " + Printable(files_.back())));
    return {};
  }

  Result<void> FinishFile() {
    const rocksdb::Status status = writer_->Finish();  // syncs
    writer_.reset();
    if (!status.ok()) return Fail(ErrorOf(status, "sync " + Printable(files_.back())));
    return {};
  }

  fs::path folder_;
  rocksdb::DB& database_;
  rocksdb::ColumnFamilyHandle& payload_;
  rocksdb::Options options_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
  std::vector<std::string> files_;
  std::uint64_t file_bytes_ = 0;
};

}  // namespace

std::array<std::uint8_t, 16> StoredKey(const BlockKey& key) {
  std::array<std::uint8_t, 16> bytes;
  PutU64(bytes, key.sequence.value);
  PutU64(MutableByteView(bytes).subspan(8), key.block);
  return bytes;
}

Result<std::unique_ptr<PayloadStage>> NewRocksStage(const fs::path& store_folder, rocksdb::DB& database,
                                                    rocksdb::ColumnFamilyHandle& payload,
                                                    const RocksOptions& options) {
  const fs::path folder = StagingFolder(store_folder);
  TRY_VOID(CreateFolders(folder));
  return std::make_unique<RocksStage>(folder, database, payload, options);
}

Result<void> RemoveLeftoverStages(const fs::path& store_folder) {
  std::error_code error;
  for (fs::directory_iterator file(StagingFolder(store_folder), error), end; !error && file != end;
       file.increment(error)) {
    std::error_code removed;
    fs::remove(file->path(), removed);
    if (removed) return Fail(SystemError("remove", file->path(), removed.value()));
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return Fail(SystemError("list", StagingFolder(store_folder), error.value()));
  }
  return {};
}

}  // namespace exhibit::store
