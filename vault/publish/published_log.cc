#include "vault/publish/published_log.h"

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/publish/publisher.h"
#include "vault/tlog/note.h"

namespace exhibit::publish {
namespace {

constexpr std::size_t kTileBytes = std::size_t{tlog::kTileWidth} * tlog::NodeHash::kSize;
constexpr std::size_t kMaxBundleBytes = std::size_t{tlog::kTileWidth} * (2 + tlog::kMaxBundledEntry);
constexpr std::size_t kMaxCachedBytes = std::size_t{64} << 20;

Failure NotPublished(std::string_view what) {
  return Fail(ErrorCode::kNotFound, std::string(what) + " is not published with a log");
}

// Checks the length of a file. kIo if it is shorter, as after a broken transfer; kTampered if it is longer.
using Form = std::function<Result<void>(ByteView)>;

Failure EndsEarly(std::size_t bytes) {
  return Fail(ErrorCode::kIo, Format("ends after {} bytes, before its end", bytes));
}

// As many entries as its path says or, if the full bundle is there instead, all of them.
Form BundleOf(std::uint32_t width) {
  return [width](ByteView bytes) -> Result<void> {
    std::uint32_t count = 0;
    ByteView rest = bytes;
    for (; !rest.empty() && count < tlog::kTileWidth; ++count) {
      const std::size_t size = rest.size() < 2 ? 0 : std::size_t{rest[0]} << 8 | rest[1];
      if (rest.size() < 2 + size) return EndsEarly(bytes.size());
      rest = rest.subspan(2 + size);
    }
    if (count < width) return EndsEarly(bytes.size());
    if (rest.empty() && (count == width || count == tlog::kTileWidth)) return {};
    return Fail(ErrorCode::kTampered, Format("holds more than its {} entries", width));
  };
}

Form TileOf(std::uint32_t width) {
  return [width](ByteView bytes) -> Result<void> {
    if (bytes.size() < std::size_t{width} * tlog::NodeHash::kSize) return EndsEarly(bytes.size());
    return {};
  };
}

Result<void> CheckpointForm(ByteView bytes) {
  if (!TextOf(bytes).ends_with('\n')) return EndsEarly(bytes.size());
  return {};
}

// Reads files. If it does not get one, it says whether the file is missing or only out of reach.
class Asker {
 public:
  explicit Asker(const Files& files) : files_(files) {}

  Result<Bytes> Read(const std::string& path, const std::string& or_else, std::size_t limit, const Form& form) {
    if (gave_up_) return Fail(ErrorCode::kIo, "other files were not asked for then");
    auto bytes = ReadOnce(path, or_else, limit, form);
    if (files_.place() == Files::Place::kHere) return Judged(std::move(bytes));
    if (bytes || !MayPass(bytes.error().code)) return bytes;
    std::this_thread::sleep_for(files_.pause());
    bytes = ReadOnce(path, or_else, limit, form);
    if (bytes || !MayPass(bytes.error().code)) return bytes;
    if (bytes.error().code == ErrorCode::kIo) gave_up_ = true;
    Error error = std::move(bytes).error();
    return Fail(ErrorCode::kIo, error.message + " (asked twice)", error.hint);
  }

 private:
  static bool MayPass(ErrorCode code) { return code == ErrorCode::kIo || code == ErrorCode::kNotFound; }

  Result<Bytes> ReadOnce(const std::string& path, const std::string& or_else, std::size_t limit,
                         const Form& form) const {
    auto bytes = files_.Read(path, limit);
    // A partial file may be gone once its full one is there.
    if (!bytes && bytes.error().code == ErrorCode::kNotFound && !or_else.empty()) {
      auto full = files_.Read(or_else, limit);
      if (full || full.error().code != ErrorCode::kNotFound) bytes = std::move(full);
    }
    if (!bytes) return bytes;
    if (auto fits = form(*bytes); !fits) {
      const bool was_cut = fits.error().code == ErrorCode::kIo && files_.place() == Files::Place::kHere;
      Error error = std::move(fits).error().In(path);
      return Fail(was_cut ? ErrorCode::kTampered : error.code, error.message);
    }
    return bytes;
  }

  // For a file of a folder: it is missing, too long, cut short or malformed. If the system cannot read
  // it, that is no fault of the log.
  static Result<Bytes> Judged(Result<Bytes> bytes) {
    if (bytes) return bytes;
    switch (bytes.error().code) {
      case ErrorCode::kNotFound:
      case ErrorCode::kInvalid:
      case ErrorCode::kTampered:
      case ErrorCode::kInterrupted: return bytes;
      default: return Fail(ErrorCode::kIo, bytes.error().message, bytes.error().hint);
    }
  }

  const Files& files_;
  std::atomic<bool> gave_up_{false};
};

}  // namespace

Result<Bytes> FolderFiles::Read(std::string_view path, std::size_t limit_bytes) const {
  return ReadFile(root_ / path, limit_bytes);
}

// A cache of files, each read once however many threads ask for it; the oldest are dropped when there are too many.
class PublishedLog::Cache {
 public:
  explicit Cache(const Files& files) : asker_(files) {}

  std::shared_ptr<const Result<Bytes>> Read(const std::string& path, const std::string& or_else, std::size_t limit,
                                            const Form& form) {
    const std::shared_ptr<Slot> slot = SlotOf(path);
    std::call_once(slot->once, [&] {
      slot->result = asker_.Read(path, or_else, limit, form);
      Account(path, slot->result ? slot->result->size() : 0);
    });
    return {slot, &slot->result};
  }

 private:
  struct Slot {
    std::once_flag once;
    Result<Bytes> result = Bytes();
  };

  std::shared_ptr<Slot> SlotOf(const std::string& path) {
    const std::lock_guard lock(mutex_);
    auto& slot = slots_[path];
    if (!slot) slot = std::make_shared<Slot>();
    return slot;
  }

  void Account(const std::string& path, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    order_.emplace_back(path, bytes);
    bytes_ += bytes;
    while (bytes_ > kMaxCachedBytes && order_.size() > 1) {
      bytes_ -= order_.front().second;
      slots_.erase(order_.front().first);
      order_.pop_front();
    }
  }

  Asker asker_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Slot>> slots_;
  std::deque<std::pair<std::string, std::size_t>> order_;
  std::size_t bytes_ = 0;
};

PublishedLog::PublishedLog(const Files& files, Bytes head, tlog::Checkpoint claimed)
    : files_(files), head_(std::move(head)), claimed_(std::move(claimed)), cache_(std::make_unique<Cache>(files_)) {}
PublishedLog::~PublishedLog() = default;

Result<std::unique_ptr<PublishedLog>> PublishedLog::Open(const Files& files) {
  TRY(Bytes head, Asker(files).Read(std::string(kCheckpointFile), "", tlog::kMaxNoteBytes, CheckpointForm));
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(head));
  TRY(tlog::Checkpoint claimed, tlog::DecodeCheckpoint(note.text()));
  return std::unique_ptr<PublishedLog>(new PublishedLog(files, std::move(head), std::move(claimed)));
}

std::uint32_t PublishedLog::WidthAt(std::uint32_t level, std::uint64_t index) const {
  const std::uint64_t hashes = tlog::HashesAtLevel(claimed_.size.value, level);
  if (hashes / tlog::kTileWidth > index) return tlog::kTileWidth;
  return hashes / tlog::kTileWidth == index ? static_cast<std::uint32_t>(hashes % tlog::kTileWidth) : 0;
}

Result<Bytes> PublishedLog::ReadEntry(tlog::Sequence sequence) const {
  const std::uint64_t index = sequence.value / tlog::kTileWidth;
  const auto place = static_cast<std::uint32_t>(sequence.value % tlog::kTileWidth);
  const std::uint32_t width = WidthAt(0, index);
  if (place >= width) return Fail(ErrorCode::kNotFound, Format("the checkpoint covers no entry {}", sequence));
  const std::string path = tlog::EntryBundlePath({index, width});
  const auto file = cache_->Read(path, width < tlog::kTileWidth ? tlog::EntryBundlePath({index}) : "", kMaxBundleBytes,
                                 BundleOf(width));
  if (!*file) return Fail(file->error());
  // Its form was checked when it was read; it is not parsed again for each of its entries.
  ByteView rest = **file;
  for (std::uint32_t i = 0;; ++i) {
    const std::size_t bytes = std::size_t{rest[0]} << 8 | rest[1];
    rest = rest.subspan(2);
    if (i == place) {
      return ToBytes(rest.first(bytes));
    }
    rest = rest.subspan(bytes);
  }
}

Result<Bytes> PublishedLog::ReadTile(const tlog::TileId& id) const {
  const std::uint32_t width = WidthAt(id.level, id.index);
  if (id.width > width) return Fail(ErrorCode::kNotFound, tlog::TilePath(id) + ": the checkpoint covers no such tile");
  const std::string path = tlog::TilePath({id.level, id.index, width});
  const auto file = cache_->Read(path, width < tlog::kTileWidth ? tlog::TilePath({id.level, id.index}) : "", kTileBytes,
                                 TileOf(width));
  if (!*file) return Fail(file->error());
  return **file;
}

Result<std::vector<custody::ActRow>> PublishedLog::ReadActs(custody::Subjects) const {
  return NotPublished("an index of acts");
}
Result<Bytes> PublishedLog::ReadHeader(tlog::Sequence) const { return NotPublished("a header"); }
Result<Bytes> PublishedLog::ReadRewrapped(tlog::Sequence, tlog::Sequence) const { return NotPublished("a header"); }
Result<Bytes> PublishedLog::ReadLayout(tlog::Sequence) const { return NotPublished("a layout line"); }
Result<Bytes> PublishedLog::ReadBlockHashes(tlog::Sequence) const { return NotPublished("a block's hash"); }
Result<Bytes> PublishedLog::ReadPayload(tlog::Sequence, ByteRange) const { return NotPublished("a payload"); }

}  // namespace exhibit::publish
