#include "vault/publish/publisher.h"

#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/custody/entry.h"
#include "vault/tlog/tile.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/lost_entries.h"

namespace exhibit::publish {
namespace {

class Publisher {
 public:
  Publisher(const verify::Source& source, PublishedPlace& place, const std::atomic<bool>* interrupted)
      : source_(source), place_(place), interrupted_(interrupted) {}

  // What a tree of `after` entries has and one of `before` did not.
  Result<void> WriteBetween(tlog::TreeSize before, tlog::TreeSize after) {
    for (std::uint32_t level = 0; tlog::HashesAtLevel(after.value, level) > 0; ++level) {
      const std::uint64_t had = tlog::HashesAtLevel(before.value, level);
      const std::uint64_t has = tlog::HashesAtLevel(after.value, level);
      if (had == has) continue;
      for (std::uint64_t index = had / tlog::kTileWidth; index * tlog::kTileWidth < has; ++index) {
        TRY_VOID(StopIfAsked(interrupted_));
        const auto width =
            static_cast<std::uint32_t>(std::min<std::uint64_t>(tlog::kTileWidth, has - index * tlog::kTileWidth));
        TRY_VOID(WriteTile({level, index, width}));
      }
    }
    return {};
  }
  std::uint64_t count() const { return count_; }

 private:
  Result<void> Write(const std::string& name, ByteView bytes) {
    TRY(const PublishedPlace::Wrote wrote, place_.Write(name, bytes));
    if (wrote == PublishedPlace::Wrote::kNow) ++count_;
    return {};
  }

  Result<void> WriteTile(const tlog::TileId& id) {
    TRY(const std::vector<tlog::NodeHash> hashes, tlog::ReadTileHashes(source_, id));
    if (id.level == 0) TRY_VOID(WriteEntries({id.index, id.width}, hashes));
    Bytes bytes;
    for (const tlog::NodeHash& hash : hashes) Append(bytes, hash.view());
    return Write(tlog::TilePath(id), bytes);
  }

  Result<void> WriteEntries(const tlog::EntryBundleId& id, const std::vector<tlog::NodeHash>& leaves) {
    std::vector<Bytes> entries;
    for (std::uint32_t i = 0; i < id.width; ++i) {
      const std::uint64_t at = id.index * tlog::kTileWidth + i;
      auto read = source_.ReadEntry({at});
      if (!read && read.error().code == ErrorCode::kNotFound)
        return Fail(verify::LostEntry({at}).In("not published, because a published log holds every entry"));
      TRY(Bytes entry, std::move(read));
      if (tlog::AsNode(tlog::HashLeaf(entry)) != leaves[i]) {
        return Fail(ErrorCode::kTampered, Format("entry {} is not the one that the tree holds", at),
                    "`exhibit verify --log` names all that is wrong");
      }
      entries.push_back(std::move(entry));
    }
    TRY(const Bytes bundle, tlog::EncodeEntryBundle(entries));
    return Write(tlog::EntryBundlePath(id), bundle);
  }

  const verify::Source& source_;
  PublishedPlace& place_;
  const std::atomic<bool>* interrupted_;
  std::uint64_t count_ = 0;  // of files that were written
};

}  // namespace

Result<Published> Publish(const verify::Source& source, const custody::LogKeys& keys, PublishedPlace& place,
                          const std::atomic<bool>* interrupted) {
  TRY(const Bytes head_note, source.ReadHead());
  TRY(custody::LogKeys::Head head, keys.Open(head_note));
  Published published{{0}, std::move(head.checkpoint), 0};
  TRY(const auto there, place.ReadCheckpoint());
  if (there) {
    TRY(const tlog::Checkpoint before,
        verify::CheckKept(source, published.checkpoint, keys,
                          {verify::KeptCheckpoint::Use::kCompare, place.NameOfCheckpoint(), *there}));
    published.before = before.size;
  }
  Publisher publisher(source, place, interrupted);
  TRY_VOID(publisher.WriteBetween(published.before, published.checkpoint.size));
  TRY_VOID(place.Sync());
  published.files = publisher.count();
  if (!there || !Equal(*there, head_note)) {
    TRY_VOID(place.ReplaceCheckpoint(head_note));
    ++published.files;
  }
  return published;
}

}  // namespace exhibit::publish
