#include "vault/store/rocks_store.h"

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/utilities/options_util.h>
#include <rocksdb/write_batch.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>

#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/store/rocks_files.h"
#include "vault/store/rocks_options.h"
#include "vault/store/rocks_stage.h"
#include "vault/store/rocks_versions.h"

namespace exhibit::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormatKey = "format";
constexpr std::string_view kFormat = "exhibit-store 1";
// In the default family, with the sequence behind it, while what was deleted may still lie in files.
constexpr std::string_view kDestroyingKey = "destroying ";

rocksdb::Slice SliceOf(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
rocksdb::Slice SliceOf(std::string_view text) { return {text.data(), text.size()}; }

std::array<std::uint8_t, 8> KeyOf(std::uint64_t number) {
  std::array<std::uint8_t, 8> key;
  PutU64(key, number);
  return key;
}

std::array<std::uint8_t, 16> KeyOf(std::uint64_t subject, tlog::Sequence sequence) {
  std::array<std::uint8_t, 16> key;
  PutU64(MutableByteView(key).first(8), subject);
  PutU64(MutableByteView(key).subspan(8), sequence.value);
  return key;
}

std::array<std::uint8_t, 9> KeyOf(const tlog::TileId& id) {
  std::array<std::uint8_t, 9> key;
  key[0] = static_cast<std::uint8_t>(id.level);
  PutU64(MutableByteView(key).subspan(1), id.index);
  return key;
}

std::string NameOf(std::string_view kind, std::uint64_t number) {
  return std::string(kind) + " " + std::to_string(number);
}

// A folder of its own for the secondary instance, which wants a place for notes it never takes.
class ScratchFolder {
 public:
  static Result<ScratchFolder> Make() {
    std::error_code ignored;
    fs::path base = fs::temp_directory_path(ignored);
    if (base.empty()) base = "/tmp";
    std::string name = (base / "exhibit-reader-XXXXXX").native();
    if (::mkdtemp(name.data()) == nullptr) return Fail(SystemError("create folder", name, errno));
    return ScratchFolder(name);
  }
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  ScratchFolder() = default;
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchFolder& operator=(ScratchFolder&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }
  const fs::path& path() const { return path_; }

 private:
  explicit ScratchFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

enum class OpenMode : std::uint8_t { kCreate, kWrite, kRead };

class RocksStore final : public Store {
 public:
  static Result<std::unique_ptr<RocksStore>> Open(const fs::path& folder, OpenMode mode,
                                                  const RocksOptions& options);
  ~RocksStore() override;

  Result<Bytes> ReadEntry(tlog::Sequence sequence) const override {
    return Get(Family::kEntries, KeyOf(sequence.value), NameOf("entry", sequence.value));
  }
  Result<Bytes> ReadHeader(tlog::Sequence sequence) const override {
    return Get(Family::kHeaders, KeyOf(sequence.value), NameOf("entry", sequence.value) + ": header");
  }
  Result<Bytes> ReadRewrapped(tlog::Sequence sequence, tlog::Sequence under) const override {
    return Get(Family::kHeaders, KeyOf(sequence.value, under),
               NameOf("entry", sequence.value) + ": header under " + NameOf("entry", under.value));
  }
  Result<Bytes> ReadBlockHashes(tlog::Sequence sequence) const override {
    return Get(Family::kBlockHashes, KeyOf(sequence.value),
               NameOf("entry", sequence.value) + ": block hashes");
  }
  Result<Bytes> ReadAct(std::uint64_t subject, tlog::Sequence sequence) const override {
    return Get(Family::kActs, KeyOf(subject, sequence), NameOf("entry", sequence.value) + ": index");
  }
  Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects subjects) const override;
  Result<Bytes> ReadBlock(BlockKey key) const override;
  Result<Bytes> ReadTile(const tlog::TileId& id) const override {
    return Get(Family::kTiles, KeyOf(id),
               "tile " + std::to_string(id.index) + " of level " + std::to_string(id.level));
  }
  Result<Bytes> ReadCheckpoint(tlog::TreeSize size) const override {
    return Get(Family::kCheckpoints, KeyOf(size.value), NameOf("checkpoint of size", size.value));
  }
  Result<tlog::TreeSize> CountEntries() const override;

  Result<void> Append(const AppendBatch& batch) override;
  Result<std::unique_ptr<PayloadStage>> NewStage() override;
  Result<void> PutCheckpoint(tlog::TreeSize size, ByteView note) override;
  Result<void> DropPayloadFrom(tlog::Sequence first) override;
  Result<void> DestroySealedFile(tlog::Sequence sequence, std::uint64_t block_count) override;

 private:
  RocksStore(fs::path folder, const RocksOptions& options)
      : folder_(std::move(folder)), options_(options) {}
  rocksdb::ColumnFamilyHandle* family(Family family) const {
    return families_[static_cast<std::size_t>(family)];
  }
  Result<Bytes> Get(Family family, ByteView key, std::string_view what) const;
  Result<void> CheckFormat() const;
  Result<std::vector<Bytes>> HeaderKeysOf(tlog::Sequence sequence) const;
  bool AnyFileReaches(Family in, ByteView key) const;
  Result<void> RewriteFilesOf(tlog::Sequence destroyed);
  Result<void> EndDestruction();

  fs::path folder_;
  RocksOptions options_;
  ScratchFolder scratch_;
  std::unique_ptr<rocksdb::Env> env_;  // outlives the database
  std::unique_ptr<rocksdb::DB> database_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

Result<std::unique_ptr<RocksStore>> RocksStore::Open(const fs::path& folder, OpenMode mode,
                                                     const RocksOptions& options) {
  auto store = std::unique_ptr<RocksStore>(new RocksStore(folder, options));
  store->env_ = EnvWithDeletionPause(options.env);
  rocksdb::DBOptions database_options = DatabaseOptions(options);
  database_options.env = store->env_.get();
  if (mode == OpenMode::kCreate) {
    database_options.create_if_missing = true;
    database_options.create_missing_column_families = true;
    database_options.error_if_exists = true;
  }
  // The default goes on if the file of options cannot be written. Nobody needs that file, but its
  // failure is the disk's, and a later sync of the same folder may say yes to what is lost. (Not while
  // families are made: RocksDB 7.8 was seen to end in an assertion then. A store in making holds nothing
  // yet, and no file of it is made after those.)
  Require(database_options, mode == OpenMode::kWrite ? OptionsFile::kMustBeWritten : OptionsFile::kMayFail);
  OpenedDatabase opened{};
  rocksdb::Status status;
  if (mode == OpenMode::kRead) {
    TRY(store->scratch_, ScratchFolder::Make());
    status = rocksdb::DB::OpenAsSecondary(database_options, folder.native(),
                                          store->scratch_.path().native(), FamilyDescriptors(),
                                          &store->families_, &opened);
  } else {
    status = rocksdb::DB::Open(database_options, folder.native(), FamilyDescriptors(),
                               &store->families_, &opened);
  }
  store->database_ = Own(std::move(opened));
  if (!status.ok()) return Fail(ErrorOf(status, "store " + Printable(folder.native())));
  if (mode == OpenMode::kCreate) {
    rocksdb::WriteOptions write;
    write.sync = true;
    status = store->database_->Put(write, SliceOf(kFormatKey), SliceOf(kFormat));
    if (!status.ok()) return Fail(ErrorOf(status, "store " + Printable(folder.native())));
  }
  if (mode != OpenMode::kRead) TRY_VOID(RemoveLeftoverStages(folder));
  TRY_VOID(store->CheckFormat());
  if (mode == OpenMode::kWrite) TRY_VOID(store->EndDestruction());
  return store;
}

RocksStore::~RocksStore() {
  if (database_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* const handle : families_) {
    database_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  database_->Close().PermitUncheckedError();
}

Result<void> RocksStore::CheckFormat() const {
  TRY(const Bytes found, Get(Family::kDefault, ViewOf(kFormatKey), "the store's format"));
  if (TextOf(found) == kFormat) return {};
  return Fail(ErrorCode::kUnsupported,
              "the store's format is \"" + Printable(TextOf(found).substr(0, 64)) +
                  "\", and this program knows \"" + std::string(kFormat) + "\"",
              "use the version of exhibit that wrote it, or a newer one");
}

Result<Bytes> RocksStore::Get(Family from, ByteView key, std::string_view what) const {
  rocksdb::ReadOptions read;
  read.verify_checksums = true;
  // Blocks are read once, front to back; keeping them would only push the index out of memory.
  read.fill_cache = from != Family::kPayload;
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = database_->Get(read, family(from), SliceOf(key), &value);
  if (!status.ok()) return Fail(ErrorOf(status, what));
  return ToBytes(ViewOf(std::string_view(value.data(), value.size())));
}

Result<Bytes> RocksStore::ReadBlock(BlockKey key) const {
  return Get(Family::kPayload, StoredKey(key),
             NameOf("entry", key.sequence.value) + ": " + NameOf("block", key.block));
}

Result<std::vector<custody::ActRow>> RocksStore::ReadActs(custody::Subjects subjects) const {
  rocksdb::ReadOptions read;
  read.verify_checksums = true;
  const std::unique_ptr<rocksdb::Iterator> iterator(database_->NewIterator(read, family(Family::kActs)));
  std::vector<custody::ActRow> rows;
  for (iterator->Seek(SliceOf(KeyOf(subjects.first, {0}))); iterator->Valid(); iterator->Next()) {
    const ByteView key = ViewOf(std::string_view(iterator->key().data(), iterator->key().size()));
    if (key.size() != 16) return Fail(ErrorCode::kTampered, "the index of acts has a key of an unknown form");
    const std::uint64_t subject = GetU64(key.first(8));
    if (subject > subjects.last) break;
    rows.push_back({subject, {GetU64(key.subspan(8))}, iterator->value().ToString()});
  }
  // An iterator simply ends on damage; only its status tells.
  if (!iterator->status().ok()) return Fail(ErrorOf(iterator->status(), "the index of acts"));
  return rows;
}

Result<tlog::TreeSize> RocksStore::CountEntries() const {
  rocksdb::ReadOptions read;
  read.verify_checksums = true;
  const std::unique_ptr<rocksdb::Iterator> iterator(
      database_->NewIterator(read, family(Family::kEntries)));
  iterator->SeekToLast();
  // An iterator simply ends on damage; only its status tells.
  if (!iterator->status().ok()) return Fail(ErrorOf(iterator->status(), "the last entry"));
  if (!iterator->Valid()) return tlog::TreeSize{0};
  const rocksdb::Slice key = iterator->key();
  if (key.size() != 8) return Fail(ErrorCode::kTampered, "the last entry has a key of an unknown form");
  return tlog::TreeSize{GetU64(ViewOf(std::string_view(key.data(), key.size()))) + 1};
}

Result<void> RocksStore::Append(const AppendBatch& batch) {
  rocksdb::WriteBatch writes;
  rocksdb::Status status;
  const auto put = [&](Family to, ByteView key, ByteView value) {
    if (status.ok()) status = writes.Put(family(to), SliceOf(key), SliceOf(value));
  };
  for (const auto& entry : batch.entries) put(Family::kEntries, KeyOf(entry.sequence.value), entry.bytes);
  for (const auto& act : batch.acts) put(Family::kActs, KeyOf(act.subject, act.sequence), ViewOf(act.type));
  for (const auto& header : batch.headers) put(Family::kHeaders, KeyOf(header.sequence.value), header.bytes);
  for (const auto& header : batch.rewrapped) {
    put(Family::kHeaders, KeyOf(header.sequence.value, header.under), header.bytes);
  }
  for (const auto& hashes : batch.block_hashes) {
    put(Family::kBlockHashes, KeyOf(hashes.sequence.value), hashes.bytes);
  }
  for (const auto& tile : batch.tiles) put(Family::kTiles, KeyOf(tile.id), tile.bytes);
  for (const auto& block : batch.blocks) put(Family::kPayload, StoredKey(block.key), block.bytes);
  rocksdb::WriteOptions write;
  write.sync = true;
  if (status.ok()) status = database_->Write(write, &writes);
  if (!status.ok()) return Fail(ErrorOf(status, "append to the store"));
  return {};
}

Result<std::unique_ptr<PayloadStage>> RocksStore::NewStage() {
  return NewRocksStage(folder_, *database_, *family(Family::kPayload), options_);
}

Result<void> RocksStore::PutCheckpoint(tlog::TreeSize size, ByteView note) {
  const auto existing = ReadCheckpoint(size);
  if (existing && Equal(*existing, note)) return {};
  const std::string what = NameOf("checkpoint of size", size.value);
  if (existing) return Fail(ErrorCode::kExists, what + ": another one is stored already");
  if (existing.error().code != ErrorCode::kNotFound) return Fail(existing.error());
  const rocksdb::Status status =
      database_->Put(rocksdb::WriteOptions(), family(Family::kCheckpoints), SliceOf(KeyOf(size.value)),
                     SliceOf(note));
  if (!status.ok()) return Fail(ErrorOf(status, what));
  return {};
}

// Asks the files, not an iterator: blocks that a range deletion covers are seen by no iterator and
// still take their space, if the writer that deleted them was interrupted before the compaction.
bool RocksStore::AnyFileReaches(Family in, ByteView key) const {
  std::vector<rocksdb::LiveFileMetaData> files;
  database_->GetLiveFilesMetaData(&files);
  const std::string& name = family(in)->GetName();
  return std::any_of(files.begin(), files.end(), [&](const rocksdb::LiveFileMetaData& file) {
    return file.column_family_name == name && rocksdb::Slice(file.largestkey).compare(SliceOf(key)) >= 0;
  });
}

Result<void> RocksStore::DropPayloadFrom(tlog::Sequence first) {
  TRY(const tlog::TreeSize count, CountEntries());
  EXHIBIT_ASSERT(first.value == count.value);
  const auto begin = StoredKey({first, 0});
  const auto end = StoredKey({{~std::uint64_t{0}}, ~std::uint64_t{0}});
  rocksdb::ColumnFamilyHandle* const payload = family(Family::kPayload);
  if (!AnyFileReaches(Family::kPayload, begin)) return {};
  const rocksdb::Slice from = SliceOf(begin);
  const rocksdb::Slice to = SliceOf(end);
  // Whole files, which is what staged payload is: one record in the manifest, and no space needed to
  // gain space. (RocksDB 7.8 was seen to stop the program when the disk is full while it compacts a
  // range deletion.)
  rocksdb::Status status = rocksdb::DeleteFilesInRange(database_.get(), payload, &from, &to);
  // What is left shares a file with payload that stays, or has not sunk below level 0.
  if (status.ok() && AnyFileReaches(Family::kPayload, begin)) {
    rocksdb::WriteOptions write;
    write.sync = true;
    status = database_->DeleteRange(write, payload, from, to);
    rocksdb::CompactRangeOptions compact;
    compact.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    if (status.ok()) status = database_->CompactRange(compact, payload, &from, &to);
  }
  if (!status.ok()) return Fail(ErrorOf(status, "take back the space of blocks without an entry"));
  return {};
}

std::string DestroyingKey(tlog::Sequence sequence) {
  return std::string(kDestroyingKey) + std::string(TextOf(KeyOf(sequence.value)));
}

// The original's, and those of headers that were made anew.
Result<std::vector<Bytes>> RocksStore::HeaderKeysOf(tlog::Sequence sequence) const {
  rocksdb::ReadOptions read;
  read.verify_checksums = true;
  const std::unique_ptr<rocksdb::Iterator> iterator(database_->NewIterator(read, family(Family::kHeaders)));
  const auto prefix = KeyOf(sequence.value);
  std::vector<Bytes> keys;
  for (iterator->Seek(SliceOf(prefix)); iterator->Valid() && iterator->key().starts_with(SliceOf(prefix)); iterator->Next()) {
    keys.push_back(ToBytes(ViewOf(std::string_view(iterator->key().data(), iterator->key().size()))));
  }
  if (!iterator->status().ok()) return Fail(ErrorOf(iterator->status(), NameOf("headers of item", sequence.value)));
  return keys;
}

Result<void> RocksStore::DestroySealedFile(tlog::Sequence sequence, std::uint64_t block_count) {
  TRY(const std::vector<Bytes> header_keys, HeaderKeysOf(sequence));
  rocksdb::WriteBatch writes;
  rocksdb::Status status = writes.Put(family(Family::kDefault), DestroyingKey(sequence), "");
  const auto erase = [&](Family from, ByteView key) {
    if (status.ok()) status = writes.Delete(family(from), SliceOf(key));
  };
  for (const Bytes& key : header_keys) erase(Family::kHeaders, key);
  erase(Family::kBlockHashes, KeyOf(sequence.value));
  // One by one: RocksDB 7.8 was seen to stop the program when the disk is full while it compacts a range
  // deletion.
  for (std::uint64_t block = 0; block < block_count; ++block) erase(Family::kPayload, StoredKey({sequence, block}));
  rocksdb::WriteOptions write;
  write.sync = true;
  if (status.ok()) status = database_->Write(write, &writes);
  if (!status.ok()) return Fail(ErrorOf(status, "destroy " + NameOf("item", sequence.value)));
  return RewriteFilesOf(sequence);
}

// What was deleted stands in log files, which go when all that they hold is in sorted files, and in sorted
// files, which a compaction writes anew without it.
Result<void> RocksStore::RewriteFilesOf(tlog::Sequence destroyed) {
  rocksdb::Status status = database_->Flush(rocksdb::FlushOptions(), families_);
  rocksdb::CompactRangeOptions compact;
  compact.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  const auto rewrite = [&](Family in, ByteView first, ByteView last) {
    const rocksdb::Slice from = SliceOf(first);
    const rocksdb::Slice to = SliceOf(last);
    if (status.ok()) status = database_->CompactRange(compact, family(in), &from, &to);
  };
  const auto key = KeyOf(destroyed.value);
  rewrite(Family::kHeaders, key, KeyOf(destroyed.value, {~std::uint64_t{0}}));
  rewrite(Family::kBlockHashes, key, key);
  rewrite(Family::kPayload, StoredKey({destroyed, 0}), StoredKey({destroyed, ~std::uint64_t{0}}));
  rocksdb::WriteOptions write;
  write.sync = true;
  if (status.ok()) status = database_->Delete(write, DestroyingKey(destroyed));
  if (!status.ok()) return Fail(ErrorOf(status, "destroy " + NameOf("item", destroyed.value)));
  return {};
}

Result<void> RocksStore::EndDestruction() {
  std::vector<tlog::Sequence> begun;
  {
    rocksdb::ReadOptions read;
    read.verify_checksums = true;
    const std::unique_ptr<rocksdb::Iterator> iterator(database_->NewIterator(read));
    for (iterator->Seek(SliceOf(kDestroyingKey)); iterator->Valid(); iterator->Next()) {
      if (!iterator->key().starts_with(SliceOf(kDestroyingKey))) break;
      const ByteView key = ViewOf(std::string_view(iterator->key().data(), iterator->key().size()));
      const ByteView number = key.subspan(kDestroyingKey.size());
      if (number.size() != 8) return Fail(ErrorCode::kTampered, "the store has a key of an unknown form");
      begun.push_back({GetU64(number)});
    }
    if (!iterator->status().ok()) return Fail(ErrorOf(iterator->status(), "what is being destroyed"));
  }
  for (const tlog::Sequence sequence : begun) TRY_VOID(RewriteFilesOf(sequence));
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> CreateRocksStore(const fs::path& folder, const RocksOptions& options) {
  return RocksStore::Open(folder, OpenMode::kCreate, options);
}
Result<std::unique_ptr<Store>> OpenRocksStore(const fs::path& folder, const RocksOptions& options) {
  return RocksStore::Open(folder, OpenMode::kWrite, options);
}
Result<std::unique_ptr<ReadableStore>> OpenRocksStoreForReading(const fs::path& folder,
                                                                const RocksOptions& options) {
  return RocksStore::Open(folder, OpenMode::kRead, options);
}

}  // namespace exhibit::store
