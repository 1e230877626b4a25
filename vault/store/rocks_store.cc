#include "vault/store/rocks_store.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <atomic>
#include <string>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/store/names.h"
#include "vault/store/packs.h"
#include "vault/store/rocks_file_system.h"
#include "vault/store/rocks_keys.h"
#include "vault/store/rocks_medium.h"
#include "vault/store/rocks_options.h"
#include "vault/store/rocks_runs.h"
#include "vault/store/rocks_versions.h"

namespace exhibit::store {
namespace {

namespace fs = std::filesystem;

rocksdb::Slice SliceOf(std::string_view text) { return {text.data(), text.size()}; }
rocksdb::Slice SliceOf(ByteView bytes) { return SliceOf(TextOf(bytes)); }
rocksdb::Slice SliceOf(const StoredKey& key) { return SliceOf(key.view()); }
std::string_view ViewOfSlice(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

enum class OpenMode : std::uint8_t { kCreate, kWrite, kRead };

// Different for each store that is open, and whenever one of its places changes.
std::uint64_t NewPlacesVersion() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

class RocksStore final : public Store {
 public:
  static Result<std::unique_ptr<RocksStore>> Open(const fs::path& folder, OpenMode mode, rocksdb::Env* env);
  ~RocksStore() override;

  Result<Bytes> ReadEntry(tlog::Sequence sequence) const override {
    return Get({KeyKind::kEntry, sequence.value}, NameOf(sequence));
  }
  std::vector<Result<Bytes>> ReadEntries(tlog::Sequence first, std::size_t count) const override;
  Result<Bytes> ReadAct(std::uint64_t subject, tlog::Sequence sequence) const override {
    return Get({KeyKind::kAct, subject, sequence.value}, NameOfAct(subject, sequence));
  }
  Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects subjects) const override;
  Result<SealedPlace> FindPlace(tlog::Sequence sequence) const override;
  Result<SealedPlace> FindPlace(tlog::Sequence sequence, tlog::Sequence under) const override {
    return PlaceAt({KeyKind::kPlace, sequence.value, under.value}, NameOfPlace(sequence, under));
  }
  Result<Bytes> ReadSealed(const SealedPlace& place, ByteRange range) const override {
    return packs_->Read(place.extents, range);
  }
  Result<Bytes> ReadTile(const tlog::TileId& id) const override;
  Result<Bytes> ReadCheckpoint(tlog::TreeSize size) const override {
    return Get({KeyKind::kCheckpoint, size.value}, NameOfCheckpoint(size));
  }
  Result<tlog::TreeSize> CountEntries() const override;
  Result<std::vector<verify::MediumFault>> CheckMedium() const override {
    return CheckRocksMedium(folder_, *database_, *packs_);
  }
  std::string DescribeLoss() const override { return DescribeLostLogs(folder_, *database_); }

  Result<void> Append(const AppendBatch& batch) override;
  Result<std::unique_ptr<SealedStage>> NewStage() override { return packs_->NewStage(); }
  Result<void> PutCheckpoint(tlog::TreeSize size, ByteView note) override;
  Result<SealedPlace> FindUnreferenced() const override;
  Result<void> DropUnreferenced() override { return packs_->CutAtEnd(); }
  Result<void> DestroySealedFile(tlog::Sequence sequence) override;
  Result<void> DestroyHeaders(tlog::Sequence sequence, tlog::Sequence under) override;

 private:
  RocksStore(fs::path folder, OpenMode mode) : folder_(std::move(folder)), mode_(mode) {}
  Result<Bytes> Get(const StoredKey& key, std::string_view what) const;
  Result<void> CheckFormat() const;
  // kIo once a folder's sync failed, whether or not RocksDB said so.
  Result<void> CheckSyncs() const;
  // All of it, durable when this returns.
  Result<void> WriteDurably(rocksdb::WriteBatch& writes, std::string_view what);
  // Of what was destroyed.
  Result<void> WriteMarks(rocksdb::WriteBatch& marks, std::string_view what);
  Result<PackEnd> ReadPackEnd() const;
  Result<SealedPlace> PlaceAt(const StoredKey& key, std::string_view what) const;
  struct KeyedPlace {
    std::string key;
    std::optional<std::uint64_t> under;  // of a header that was made anew, the reseal entry
    StoredPlace stored;
  };
  // The places of the sealed file of `sequence` and of the headers that were made anew for it, in the order of the log.
  Result<std::vector<KeyedPlace>> AllPlacesOf(tlog::Sequence sequence) const;
  std::unique_ptr<rocksdb::Iterator> NewIterator() const {
    return std::unique_ptr<rocksdb::Iterator>(database_->NewIterator(rocksdb::ReadOptions()));
  }

  fs::path folder_;
  OpenMode mode_;
  std::atomic<bool> folder_sync_failed_ = false;  // outlives the environment
  std::unique_ptr<rocksdb::Env> env_;             // outlives the database
  std::unique_ptr<rocksdb::DB> database_;
  std::unique_ptr<Packs> packs_;
  std::atomic<std::uint64_t> places_version_ = NewPlacesVersion();  // another one when a place changed
};

Result<std::unique_ptr<RocksStore>> RocksStore::Open(const fs::path& folder, OpenMode mode, rocksdb::Env* env) {
  const std::string name = "store " + Printable(folder.native());
  std::error_code error;
  if (mode == OpenMode::kCreate && !IsAbsent(folder) && !fs::is_empty(folder, error)) {
    return Fail(ErrorCode::kExists, Format("the folder {} is not empty", Printable(folder.native())));
  }
  if (mode != OpenMode::kCreate && IsAbsent(folder)) return Fail(NotInStore(name).In("open"));
  auto store = std::unique_ptr<RocksStore>(new RocksStore(folder, mode));
  store->env_ = StoreEnv(env, store->folder_sync_failed_);
  rocksdb::Options database_options = DatabaseOptions(*store->env_);
  database_options.create_if_missing = mode == OpenMode::kCreate;
  database_options.error_if_exists = mode == OpenMode::kCreate;
  OpenedDatabase opened{};
  rocksdb::Status status = mode == OpenMode::kRead
                               ? rocksdb::DB::OpenForReadOnly(database_options, folder.native(), &opened)
                               : rocksdb::DB::Open(database_options, folder.native(), &opened);
  store->database_ = Own(std::move(opened));
  if (!status.ok()) return Fail(OpeningErrorOf(status, name));
  if (mode == OpenMode::kCreate) {
    TRY_VOID(Packs::Create(folder));
    rocksdb::WriteBatch format;
    status = format.Put(SliceOf(kFormatKey), SliceOf(kFormat));
    if (!status.ok()) return Fail(ErrorOf(status, name));
    TRY_VOID(store->WriteDurably(format, name));
  }
  TRY_VOID(store->CheckFormat());
  TRY(const PackEnd end, store->ReadPackEnd());
  store->packs_ = std::make_unique<Packs>(folder, end);
  if (mode == OpenMode::kWrite) {
    TRY_VOID(TurnLogsIntoRuns(*store->database_, folder));
    TRY_VOID(MergeRuns(*store->database_));
    TRY_VOID(store->CheckSyncs());
  }
  return store;
}

Result<void> RocksStore::CheckSyncs() const {
  if (!folder_sync_failed_.load()) return {};
  return Fail(ErrorCode::kIo, Format("the store's folder {} could not be synced", Printable(folder_.native())),
              "the disk is failing, or was removed; nothing more is written");
}

Result<void> RocksStore::WriteDurably(rocksdb::WriteBatch& writes, std::string_view what) {
  rocksdb::WriteOptions durable;
  durable.sync = true;
  const rocksdb::Status status = database_->Write(durable, &writes);
  if (!status.ok()) return Fail(ErrorOf(status, what));
  return CheckSyncs();
}

Result<void> RocksStore::WriteMarks(rocksdb::WriteBatch& marks, std::string_view what) {
  if (marks.Count() == 0) return {};  // all was destroyed before
  auto written = WriteDurably(marks, what);
  places_version_ = NewPlacesVersion();
  return written;
}

RocksStore::~RocksStore() {
  if (database_ == nullptr) return;
  if (mode_ != OpenMode::kRead && packs_ != nullptr && !packs_->is_frozen()) TidyUpAtClose(*database_);
  database_->Close().PermitUncheckedError();
}

Result<void> RocksStore::CheckFormat() const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status =
      database_->Get(rocksdb::ReadOptions(), database_->DefaultColumnFamily(), SliceOf(kFormatKey), &value);
  if (status.IsNotFound()) {
    std::string lost = DescribeLoss();
    if (!lost.empty()) lost.insert(0, ": ");
    return Fail(
        ErrorCode::kTampered,
        Format("the store {} does not say its format: its beginning is gone{}", Printable(folder_.native()), lost),
        std::string(kHintRestoreStore));
  }
  if (!status.ok()) return Fail(ErrorOf(status, "the store's format"));
  if (ViewOfSlice(value) == kFormat) return {};
  return Fail(ErrorCode::kUnsupported,
              Format("the store's format is \"{}\", and this program knows \"{}\"",
                     Printable(ViewOfSlice(value).substr(0, 64)), kFormat),
              "use the version of exhibit that wrote it, or a newer one");
}

Result<PackEnd> RocksStore::ReadPackEnd() const {
  const auto iterator = NewIterator();
  iterator->SeekForPrev(SliceOf(StoredKey(KeyKind::kPack, ~std::uint64_t{0})));
  if (!iterator->status().ok()) return Fail(ErrorOf(iterator->status(), "the last pack"));
  if (!iterator->Valid() || iterator->key()[0] != static_cast<char>(KeyKind::kPack)) return PackEnd{};
  TRY(const KeyNumbers numbers, NumbersOf(KeyKind::kPack, ViewOfSlice(iterator->key())));
  TRY(const std::uint64_t bytes, DecodeU64(ViewOfSlice(iterator->value())));
  return PackEnd{numbers.first, bytes};
}

Result<Bytes> RocksStore::Get(const StoredKey& key, std::string_view what) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status =
      database_->Get(rocksdb::ReadOptions(), database_->DefaultColumnFamily(), SliceOf(key), &value);
  if (!status.ok()) return Fail(ErrorOf(status, what));
  return ToBytes(ViewOf(ViewOfSlice(value)));
}

std::vector<Result<Bytes>> RocksStore::ReadEntries(tlog::Sequence first, std::size_t count) const {
  std::vector<Result<Bytes>> entries;
  entries.reserve(count);
  const auto iterator = NewIterator();
  for (iterator->Seek(SliceOf(StoredKey(KeyKind::kEntry, first.value))); entries.size() < count && iterator->Valid();
       iterator->Next()) {
    const StoredKey expected(KeyKind::kEntry, first.value + entries.size());
    if (ViewOfSlice(iterator->key()) != expected.view()) break;
    entries.emplace_back(ToBytes(ViewOf(ViewOfSlice(iterator->value()))));
  }
  // From a gap or a damaged place on, reads each by itself, which says what is wrong with it.
  while (entries.size() < count) entries.push_back(ReadEntry({first.value + entries.size()}));
  return entries;
}

Result<std::vector<custody::ActRow>> RocksStore::ReadActs(custody::Subjects subjects) const {
  const auto iterator = NewIterator();
  std::vector<custody::ActRow> rows;
  for (iterator->Seek(SliceOf(StoredKey(KeyKind::kAct, subjects.first, 0))); iterator->Valid(); iterator->Next()) {
    if (iterator->key()[0] != static_cast<char>(KeyKind::kAct)) break;
    TRY(const KeyNumbers numbers, NumbersOf(KeyKind::kAct, ViewOfSlice(iterator->key())));
    if (!numbers.second) return Fail(ErrorCode::kTampered, "the index of acts has a key of an unknown form");
    if (numbers.first > subjects.last) break;
    rows.push_back({numbers.first, {*numbers.second}, iterator->value().ToString()});
  }
  // An iterator just ends on damage; only its status says so.
  if (!iterator->status().ok()) return Fail(ErrorOf(iterator->status(), "the index of acts"));
  return rows;
}

// Header, layout line, block hashes and stretches of the payload of one sealed file are read one after another: the check of
// a small file would look its place up six times.
Result<SealedPlace> RocksStore::FindPlace(tlog::Sequence sequence) const {
  struct Last {
    std::uint64_t version = 0;
    tlog::Sequence sequence;
    SealedPlace place;
  };
  thread_local Last last;
  const std::uint64_t version = places_version_;
  if (last.version == version && last.sequence == sequence) return last.place;
  TRY(last.place, PlaceAt({KeyKind::kPlace, sequence.value}, NameOfPlace(sequence)));
  last.version = version;
  last.sequence = sequence;
  return last.place;
}

Result<SealedPlace> RocksStore::PlaceAt(const StoredKey& key, std::string_view what) const {
  TRY(const Bytes value, Get(key, what));
  auto stored = DecodePlace(TextOf(value));
  if (!stored) return Fail(std::move(stored).error().In(what));
  if (stored->state == PlaceState::kDestroyed) return Fail(WasDestroyed(what));
  return std::move(stored->place);
}

Result<Bytes> RocksStore::ReadTile(const tlog::TileId& id) const {
  const std::string what = NameOfTile(id);
  if (id.index > ~std::uint64_t{0} / tlog::kTileWidth) return Fail(NotInStore(what));
  const std::uint64_t first = id.index * tlog::kTileWidth;
  const auto iterator = NewIterator();
  Bytes tile;
  tile.reserve(std::size_t{id.width} * tlog::NodeHash::kSize);
  std::uint32_t width = 0;
  for (iterator->Seek(SliceOf(StoredKey::OfNode(id.level, first))); width < tlog::kTileWidth && iterator->Valid();
       iterator->Next()) {
    if (ViewOfSlice(iterator->key()) != StoredKey::OfNode(id.level, first + width).view()) break;
    if (iterator->value().size() != tlog::NodeHash::kSize)
      return Fail(ErrorCode::kTampered, what + " has a hash of another size");
    exhibit::Append(tile, ViewOf(ViewOfSlice(iterator->value())));
    ++width;
  }
  if (!iterator->status().ok()) return Fail(ErrorOf(iterator->status(), what));
  if (width == 0) return Fail(NotInStore(what));
  return tile;
}

Result<tlog::TreeSize> RocksStore::CountEntries() const {
  const auto iterator = NewIterator();
  iterator->SeekForPrev(SliceOf(StoredKey(KeyKind::kEntry, ~std::uint64_t{0})));
  if (!iterator->status().ok()) return Fail(ErrorOf(iterator->status(), "the last entry"));
  if (!iterator->Valid() || iterator->key()[0] != static_cast<char>(KeyKind::kEntry)) return tlog::TreeSize{0};
  TRY(const KeyNumbers numbers, NumbersOf(KeyKind::kEntry, ViewOfSlice(iterator->key())));
  return tlog::TreeSize{numbers.first + 1};
}

Result<void> RocksStore::Append(const AppendBatch& batch) {
  TRY_VOID(packs_->CheckNotFrozen());
  TRY(const tlog::TreeSize count, CountEntries());
  TRY_VOID(CheckFollows(batch, count));
  rocksdb::WriteBatch writes;
  rocksdb::Status status;
  const auto put = [&](const StoredKey& key, std::string_view value) {
    if (status.ok()) status = writes.Put(SliceOf(key), SliceOf(value));
  };
  std::map<std::uint64_t, std::uint64_t> packs;  // up to which byte entries name each
  const auto put_place = [&](const StoredKey& key, const SealedPlace& place) {
    EXHIBIT_ASSERT(place.layout.empty() == (place.payload_bytes == 0));
    put(key, EncodePlace(PlaceState::kSealed, place));
    for (const Extent& extent : place.extents)
      packs[extent.pack] = std::max(packs[extent.pack], extent.offset + extent.bytes);
  };
  for (const auto& entry : batch.entries) {
    if (!entry.bytes.empty()) put({KeyKind::kEntry, entry.sequence.value}, TextOf(entry.bytes));
  }
  for (const auto& act : batch.acts) put({KeyKind::kAct, act.subject, act.sequence.value}, act.type);
  for (const auto& sealed : batch.sealed) put_place({KeyKind::kPlace, sealed.sequence.value}, sealed.place);
  for (const auto& header : batch.rewrapped)
    put_place({KeyKind::kPlace, header.sequence.value, header.under.value}, header.place);
  for (const auto& [pack, bytes] : packs) put({KeyKind::kPack, pack}, EncodeU64(bytes));
  // A partial tile comes whole each time; only its new hashes are written.
  for (const auto& tile : batch.tiles) {
    const std::uint64_t first = tile.id.index * tlog::kTileWidth;
    const std::uint64_t known = tlog::HashesAtLevel(count.value, tile.id.level);
    for (std::uint64_t i = known > first ? known - first : 0; i < tile.id.width; ++i) {
      put(StoredKey::OfNode(tile.id.level, first + i),
          TextOf(tile.bytes.subspan(static_cast<std::size_t>(i) * tlog::NodeHash::kSize, tlog::NodeHash::kSize)));
    }
  }
  if (!status.ok()) return Fail(ErrorOf(status, "append to the store"));
  // Before the write, not after: an error leaves the log unchanged.
  TRY_VOID(MergeRuns(*database_));
  TRY_VOID(CheckSyncs());
  auto written = WriteDurably(writes, "append to the store");
  if (!written) {
    packs_->Freeze();
    return written;
  }
  if (!packs.empty()) packs_->Commit({packs.rbegin()->first, packs.rbegin()->second});
  return {};
}

Result<void> RocksStore::PutCheckpoint(tlog::TreeSize size, ByteView note) {
  const auto existing = ReadCheckpoint(size);
  if (existing && Equal(*existing, note)) return {};
  if (existing) return Fail(AnotherCheckpoint(size));
  if (existing.error().code != ErrorCode::kNotFound) return Fail(existing.error());
  const rocksdb::Status status =
      database_->Put(rocksdb::WriteOptions(), SliceOf(StoredKey(KeyKind::kCheckpoint, size.value)), SliceOf(note));
  if (!status.ok()) return Fail(ErrorOf(status, NameOfCheckpoint(size)));
  return {};
}

Result<std::vector<RocksStore::KeyedPlace>> RocksStore::AllPlacesOf(tlog::Sequence sequence) const {
  const StoredKey first(KeyKind::kPlace, sequence.value);
  std::vector<KeyedPlace> places;
  const auto iterator = NewIterator();
  for (iterator->Seek(SliceOf(first)); iterator->Valid() && ViewOfSlice(iterator->key()).starts_with(first.view());
       iterator->Next()) {
    TRY(const KeyNumbers numbers, NumbersOf(KeyKind::kPlace, ViewOfSlice(iterator->key())));
    TRY(StoredPlace stored, DecodePlace(ViewOfSlice(iterator->value())));
    places.push_back({iterator->key().ToString(), numbers.second, std::move(stored)});
  }
  if (!iterator->status().ok()) return Fail(ErrorOf(iterator->status(), NameOfPlace(sequence)));
  return places;
}

Result<SealedPlace> RocksStore::FindUnreferenced() const {
  SealedPlace place;
  TRY(place.extents, packs_->AfterEnd());
  for (const Extent& extent : place.extents) place.payload_bytes += extent.bytes;
  if (place.payload_bytes == 0) return Fail(NotInStore(kUnreferenced));
  return place;
}

Result<void> RocksStore::DestroySealedFile(tlog::Sequence sequence) {
  TRY(const std::vector<KeyedPlace> places, AllPlacesOf(sequence));
  rocksdb::WriteBatch marks;
  rocksdb::Status status;
  for (const KeyedPlace& at : places) {
    if (at.stored.state == PlaceState::kDestroyed) continue;
    TRY_VOID(packs_->Overwrite(at.stored.place.extents));
    if (status.ok()) status = marks.Put(at.key, EncodePlace(PlaceState::kDestroyed, at.stored.place));
  }
  const std::string what = "destroy the sealed file of " + NameOf(sequence);
  if (!status.ok()) return Fail(ErrorOf(status, what));
  return WriteMarks(marks, what);
}

Result<void> RocksStore::DestroyHeaders(tlog::Sequence sequence, tlog::Sequence under) {
  TRY(const std::vector<KeyedPlace> places, AllPlacesOf(sequence));
  rocksdb::WriteBatch marks;
  rocksdb::Status status;
  for (const KeyedPlace& at : places) {
    const SealedPlace& place = at.stored.place;
    const bool is_later = at.under && *at.under >= under.value;
    if (is_later || at.stored.state != PlaceState::kSealed) continue;
    TRY_VOID(packs_->Overwrite(FirstBytes(place.extents, place.header_bytes)));
    const PlaceState state = at.under ? PlaceState::kDestroyed : PlaceState::kHeaderDestroyed;
    if (status.ok()) status = marks.Put(at.key, EncodePlace(state, place));
  }
  const std::string what = "destroy the earlier headers of " + NameOf(sequence);
  if (!status.ok()) return Fail(ErrorOf(status, what));
  return WriteMarks(marks, what);
}

}  // namespace

Result<std::unique_ptr<Store>> RocksEngine::Create(const fs::path& folder) const {
  return RocksStore::Open(folder, OpenMode::kCreate, env_);
}
Result<std::unique_ptr<Store>> RocksEngine::Open(const fs::path& folder) const {
  return RocksStore::Open(folder, OpenMode::kWrite, env_);
}
Result<std::unique_ptr<ReadableStore>> RocksEngine::OpenForReading(const fs::path& folder) const {
  return RocksStore::Open(folder, OpenMode::kRead, env_);
}

}  // namespace exhibit::store
