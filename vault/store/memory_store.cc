#include "vault/store/memory_store.h"

#include <map>
#include <mutex>
#include <set>

#include "vault/base/format.h"
#include "vault/store/names.h"

namespace exhibit::store {

struct MemoryDisk::Contents {
  struct Place {
    SealedPlace place;
    bool is_destroyed = false;  // all of it
  };
  struct Records {
    std::map<std::uint64_t, Bytes> entries;
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::string> acts;  // by subject and entry
    // By entry and, of a header that was made anew, the reseal entry.
    std::map<std::pair<std::uint64_t, std::optional<std::uint64_t>>, Place> places;
    std::map<std::pair<std::uint32_t, std::uint64_t>, Bytes> tiles;  // by level and index
    std::map<std::uint64_t, Bytes> checkpoints;                      // by size
  };

  template <typename T>
  static void Change(Result<T>& result) {
    if constexpr (std::is_same_v<T, Bytes>) {
      if (result && !result->empty()) result->back() ^= 1;
    }
  }

  // Does the work of one call, unless it is the one that is to fail. One call at a time.
  template <typename Work>
  auto Do(std::string_view call, Work work) -> decltype(work()) {
    const Error error{ErrorCode::kIo, std::string(call) + ": the disk in memory fails", {}};
    std::optional<decltype(work())> result;  // goes after the lock: a stage needs it to go
    const std::lock_guard lock(mutex);
    const bool fails = is_to_fail && is_to_fail(call);
    if (fails) is_to_fail = nullptr;
    if (fails && fault == Fault::kNotDone) return Fail(error);
    result = work();
    if (fails && fault == Fault::kDone) return Fail(error);
    if (fails) Change(*result);
    return std::move(*result);
  }

  Result<Bytes> Read(const SealedPlace& place, ByteRange range) const {
    const std::uint64_t all = place.header_bytes + place.payload_bytes + place.hashes_bytes;
    if (range.offset > all || range.bytes > all - range.offset) {
      return Fail(ErrorCode::kTampered, "the sealed file ends before");
    }
    if (range.bytes == 0) return Bytes();
    const auto begin = pack.begin() + static_cast<std::ptrdiff_t>(place.extents.front().offset + range.offset);
    return Bytes(begin, begin + static_cast<std::ptrdiff_t>(range.bytes));
  }

  std::mutex mutex;
  bool has_store = false;
  Records records;
  std::set<std::uint64_t> unsynced_checkpoints;
  Bytes pack;              // all sealed files, one after another
  std::size_t synced = 0;  // bytes of the pack that a power cut leaves
  std::size_t named = 0;   // bytes of the pack that entries name
  bool has_stage = false;
  Chooser is_to_fail;
  Fault fault = Fault::kNotDone;
};

namespace {

constexpr std::uint64_t kPack = 1;

template <typename Map>
Result<Bytes> Find(const Map& map, const typename Map::key_type& key, std::string_view what) {
  const auto found = map.find(key);
  if (found == map.end()) return Fail(NotInStore(what));
  const auto& value = found->second;
  return Bytes(value.begin(), value.end());
}

}  // namespace

class MemoryStage final : public SealedStage {
 public:
  using Contents = MemoryDisk::Contents;
  MemoryStage(Contents& disk, const bool& is_frozen) : disk_(disk), is_frozen_(is_frozen) {
    EXHIBIT_ASSERT(!disk_.has_stage);
    disk_.has_stage = true;
  }
  ~MemoryStage() override {
    const std::lock_guard lock(disk_.mutex);
    disk_.has_stage = false;
    if (is_frozen_) return;
    disk_.pack.resize(disk_.named);
    disk_.synced = disk_.named;
  }

 private:
  Result<void> BeginFile(ByteView header) override {
    return disk_.Do("begin a sealed file", [&]() -> Result<void> {
      place_ = {header.size(), 0, 0, {{kPack, disk_.pack.size(), 0}}, {}};
      Write(header);
      return {};
    });
  }
  Result<void> PutBytes(ByteView bytes) override {
    return disk_.Do("put bytes of a sealed file", [&]() -> Result<void> {
      place_.payload_bytes += bytes.size();
      Write(bytes);
      return {};
    });
  }
  Result<SealedPlace> EndFile(std::span<const tlog::LeafHash> hashes, std::string_view layout) override {
    return disk_.Do("end a sealed file", [&]() -> Result<SealedPlace> {
      for (const tlog::LeafHash& hash : hashes) Write(hash.view());
      place_.hashes_bytes = hashes.size() * tlog::LeafHash::kSize;
      place_.layout = layout;
      return std::exchange(place_, {});
    });
  }
  Result<void> SyncFiles() override {
    return disk_.Do("sync sealed files", [&]() -> Result<void> {
      disk_.synced = disk_.pack.size();
      return {};
    });
  }
  Result<void> ReadBack(const SealedPlace& place, std::uint64_t offset, MutableByteView into) const override {
    TRY(const Bytes bytes, disk_.Do("read back a sealed file", [&] {
      EXHIBIT_ASSERT(disk_.synced == disk_.pack.size());
      return disk_.Read(place, {offset, into.size()});
    }));
    std::ranges::copy(bytes, into.begin());
    return {};
  }
  void Write(ByteView bytes) {
    exhibit::Append(disk_.pack, bytes);
    place_.extents.back().bytes += bytes.size();
  }

  Contents& disk_;
  const bool& is_frozen_;
  SealedPlace place_;  // of the present sealed file
};

class MemoryStore final : public Store {
 public:
  using Contents = MemoryDisk::Contents;
  enum class Mode : std::uint8_t { kWrite, kRead };

  MemoryStore(std::shared_ptr<Contents> disk, Mode mode) : disk_(std::move(disk)) {
    if (mode == Mode::kRead) snapshot_ = disk_->records;
  }

  Result<Bytes> ReadEntry(tlog::Sequence sequence) const override {
    return disk_->Do("read an entry", [&] { return Find(records().entries, sequence.value, NameOf(sequence)); });
  }
  std::vector<Result<Bytes>> ReadEntries(tlog::Sequence first, std::size_t count) const override {
    std::vector<Result<Bytes>> entries;
    for (std::size_t i = 0; i < count; ++i) entries.push_back(ReadEntry({first.value + i}));
    return entries;
  }
  Result<Bytes> ReadAct(std::uint64_t subject, tlog::Sequence sequence) const override {
    return disk_->Do("read a row of the index", [&] {
      return Find(records().acts, {subject, sequence.value}, NameOfAct(subject, sequence));
    });
  }
  Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects subjects) const override {
    return disk_->Do("read the index", [&]() -> Result<std::vector<custody::ActRow>> {
      std::vector<custody::ActRow> rows;
      for (auto row = records().acts.lower_bound({subjects.first, 0});
           row != records().acts.end() && row->first.first <= subjects.last; ++row) {
        rows.push_back({row->first.first, {row->first.second}, row->second});
      }
      return rows;
    });
  }
  Result<SealedPlace> FindPlace(tlog::Sequence sequence) const override {
    return FindPlace({sequence.value, std::nullopt}, NameOfPlace(sequence));
  }
  Result<SealedPlace> FindPlace(tlog::Sequence sequence, tlog::Sequence under) const override {
    return FindPlace({sequence.value, under.value}, NameOfPlace(sequence, under));
  }
  Result<Bytes> ReadSealed(const SealedPlace& place, ByteRange range) const override {
    return disk_->Do("read a sealed file", [&] { return disk_->Read(place, range); });
  }
  Result<Bytes> ReadTile(const tlog::TileId& id) const override {
    return disk_->Do("read a tile", [&] { return Find(records().tiles, {id.level, id.index}, NameOfTile(id)); });
  }
  Result<Bytes> ReadCheckpoint(tlog::TreeSize size) const override {
    return disk_->Do("read a checkpoint",
                     [&] { return Find(records().checkpoints, size.value, NameOfCheckpoint(size)); });
  }
  Result<tlog::TreeSize> CountEntries() const override {
    return disk_->Do("count entries", [&]() -> Result<tlog::TreeSize> { return Count(); });
  }
  Result<std::vector<verify::MediumFault>> CheckMedium() const override {
    return disk_->Do("look at the medium", [&]() -> Result<std::vector<verify::MediumFault>> {
      if (disk_->pack.size() == disk_->named) return std::vector<verify::MediumFault>();
      return std::vector{verify::MediumFault{
          verify::MediumFault::Weight::kRemark,
          Format("the pack ends with {} bytes that no entry names", disk_->pack.size() - disk_->named)}};
    });
  }

  Result<void> Append(const AppendBatch& batch) override {
    if (is_frozen_) return Fail(UnknownOutcome());
    auto appended = disk_->Do("append to the store", [&]() -> Result<void> {
      TRY_VOID(CheckFollows(batch, Count()));
      Keep(batch);
      disk_->unsynced_checkpoints.clear();
      return {};
    });
    is_frozen_ = !appended && appended.error().code == ErrorCode::kIo;
    return appended;
  }
  Result<std::unique_ptr<SealedStage>> NewStage() override {
    if (is_frozen_) return Fail(UnknownOutcome());
    return disk_->Do("stage", [&]() -> Result<std::unique_ptr<SealedStage>> {
      return std::make_unique<MemoryStage>(*disk_, is_frozen_);
    });
  }
  Result<void> PutCheckpoint(tlog::TreeSize size, ByteView note) override {
    return disk_->Do("record a checkpoint", [&]() -> Result<void> {
      const auto [stored, is_new] = disk_->records.checkpoints.emplace(size.value, ToBytes(note));
      if (is_new) disk_->unsynced_checkpoints.insert(size.value);
      if (!Equal(stored->second, note)) return Fail(AnotherCheckpoint(size));
      return {};
    });
  }
  Result<SealedPlace> FindUnreferenced() const override {
    return disk_->Do("find what no entry names", [&]() -> Result<SealedPlace> {
      EXHIBIT_ASSERT(!disk_->has_stage);
      const std::uint64_t bytes = disk_->pack.size() - disk_->named;
      if (bytes == 0) return Fail(NotInStore(kUnreferenced));
      return SealedPlace{0, bytes, 0, {{kPack, disk_->named, bytes}}, {}};
    });
  }
  Result<void> DropUnreferenced() override {
    if (is_frozen_) return Fail(UnknownOutcome());
    return disk_->Do("drop what no entry names", [&]() -> Result<void> {
      EXHIBIT_ASSERT(!disk_->has_stage);
      disk_->pack.resize(disk_->named);
      disk_->synced = disk_->named;
      return {};
    });
  }
  Result<void> DestroySealedFile(tlog::Sequence sequence) override {
    return disk_->Do("destroy a sealed file", [&]() -> Result<void> {
      ForEachPlace(sequence, [&](std::optional<std::uint64_t> /*under*/, Contents::Place& at) { Destroy(at); });
      return {};
    });
  }
  Result<void> DestroyHeaders(tlog::Sequence sequence, tlog::Sequence under) override {
    return disk_->Do("destroy headers", [&]() -> Result<void> {
      ForEachPlace(sequence, [&](std::optional<std::uint64_t> made_under, Contents::Place& at) {
        if (!made_under) return DestroyHeader(at);
        if (*made_under < under.value) Destroy(at);
      });
      return {};
    });
  }

 private:
  const Contents::Records& records() const { return snapshot_ ? *snapshot_ : disk_->records; }
  tlog::TreeSize Count() const { return {records().entries.empty() ? 0 : records().entries.rbegin()->first + 1}; }

  Result<SealedPlace> FindPlace(const std::pair<std::uint64_t, std::optional<std::uint64_t>>& key,
                                const std::string& what) const {
    return disk_->Do("find a sealed file", [&]() -> Result<SealedPlace> {
      const auto found = records().places.find(key);
      if (found == records().places.end()) return Fail(NotInStore(what));
      if (found->second.is_destroyed) return Fail(WasDestroyed(what));
      return found->second.place;
    });
  }

  // The place of the sealed file of `sequence`, then those of headers that were made anew for it.
  template <typename Visit>
  void ForEachPlace(tlog::Sequence sequence, Visit visit) {
    auto& places = disk_->records.places;
    for (auto at = places.lower_bound({sequence.value, std::nullopt});
         at != places.end() && at->first.first == sequence.value; ++at) {
      visit(at->first.second, at->second);
    }
  }
  void Overwrite(const SealedPlace& place, std::uint64_t bytes) {
    const auto begin = static_cast<std::ptrdiff_t>(place.extents.front().offset);
    std::fill_n(disk_->pack.begin() + begin, bytes, std::uint8_t{0});
  }
  void Destroy(Contents::Place& at) {
    Overwrite(at.place, at.place.extents.front().bytes);
    at.place.layout.clear();
    at.is_destroyed = true;
  }
  void DestroyHeader(Contents::Place& at) {
    Overwrite(at.place, at.place.header_bytes);
    at.place.header = SealedPlace::Header::kDestroyed;
  }

  void Keep(const AppendBatch& batch) {
    Contents::Records& records = disk_->records;
    const auto keep_place = [&](std::uint64_t sequence, std::optional<std::uint64_t> under, const SealedPlace& place) {
      EXHIBIT_ASSERT(place.layout.empty() == (place.payload_bytes == 0));
      for (const Extent& extent : place.extents) {
        EXHIBIT_ASSERT(extent.offset + extent.bytes <= disk_->synced);
        disk_->named = std::max<std::size_t>(disk_->named, extent.offset + extent.bytes);
      }
      EXHIBIT_ASSERT(records.places.emplace(std::pair(sequence, under), Contents::Place{place}).second);
    };
    for (const auto& entry : batch.entries) {
      if (!entry.bytes.empty()) records.entries.emplace(entry.sequence.value, ToBytes(entry.bytes));
    }
    for (const auto& act : batch.acts) records.acts.emplace(std::pair(act.subject, act.sequence.value), act.type);
    for (const auto& sealed : batch.sealed) keep_place(sealed.sequence.value, std::nullopt, sealed.place);
    for (const auto& header : batch.rewrapped) keep_place(header.sequence.value, header.under.value, header.place);
    for (const auto& tile : batch.tiles) {
      Bytes& stored = records.tiles[{tile.id.level, tile.id.index}];
      EXHIBIT_ASSERT(tile.bytes.size() >= stored.size());
      exhibit::Append(stored, tile.bytes.subspan(stored.size()));
    }
  }

  std::shared_ptr<Contents> disk_;
  std::optional<Contents::Records> snapshot_;  // of a reader
  bool is_frozen_ = false;
};

MemoryDisk::MemoryDisk() : contents_(std::make_shared<Contents>()) {}

Result<std::unique_ptr<Store>> MemoryDisk::Create(const std::filesystem::path& /*folder*/) const {
  return contents_->Do("create a store", [&]() -> Result<std::unique_ptr<Store>> {
    if (contents_->has_store) return Fail(ErrorCode::kExists, "there is a store in memory already");
    contents_->has_store = true;
    return std::make_unique<MemoryStore>(contents_, MemoryStore::Mode::kWrite);
  });
}

Result<std::unique_ptr<Store>> MemoryDisk::Open(const std::filesystem::path& /*folder*/) const {
  return contents_->Do("open the store", [&]() -> Result<std::unique_ptr<Store>> {
    if (!contents_->has_store) return Fail(NotInStore("the store in memory"));
    return std::make_unique<MemoryStore>(contents_, MemoryStore::Mode::kWrite);
  });
}

Result<std::unique_ptr<ReadableStore>> MemoryDisk::OpenForReading(const std::filesystem::path& /*folder*/) const {
  return contents_->Do("open the store", [&]() -> Result<std::unique_ptr<ReadableStore>> {
    if (!contents_->has_store) return Fail(NotInStore("the store in memory"));
    return std::make_unique<MemoryStore>(contents_, MemoryStore::Mode::kRead);
  });
}

MemoryDisk MemoryDisk::AfterPowerCut() const {
  const std::lock_guard lock(contents_->mutex);
  auto left = std::make_shared<Contents>();
  left->has_store = contents_->has_store;
  left->records = contents_->records;
  for (const std::uint64_t size : contents_->unsynced_checkpoints) left->records.checkpoints.erase(size);
  left->pack.assign(contents_->pack.begin(), contents_->pack.begin() + static_cast<std::ptrdiff_t>(contents_->synced));
  left->synced = contents_->synced;
  left->named = contents_->named;
  return MemoryDisk(std::move(left));
}

void MemoryDisk::FailAt(Chooser chooser, Fault fault) const {
  const std::lock_guard lock(contents_->mutex);
  contents_->is_to_fail = std::move(chooser);
  contents_->fault = fault;
}

void MemoryDisk::FailAfter(std::uint64_t calls, Fault fault) const {
  FailAt([calls](std::string_view) mutable { return calls-- == 0; }, fault);
}

bool MemoryDisk::HasFailed() const {
  const std::lock_guard lock(contents_->mutex);
  return contents_->is_to_fail == nullptr;
}

}  // namespace exhibit::store
