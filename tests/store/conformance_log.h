// What the suite of promises appends to a store: a log of entries with sealed files, each of bytes that its number says.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/store/conformance.h"
#include "tests/support/check.h"
#include "vault/tlog/tree.h"

// One test for each promise, over every store of conformance.h.
#define PROMISE(sentence) TEMPLATE_LIST_TEST_CASE(sentence, "[store][conformance]", Places)

namespace exhibit::testing {

using store::AppendBatch;
using store::ReadableStore;
using store::SealedPlace;
using store::SealedStage;
using store::Store;

inline Bytes Text(std::string_view text) { return ToBytes(ViewOf(text)); }
inline Bytes EntryOf(std::uint64_t at) { return Text("the text of entry " + std::to_string(at)); }

// A sealed file of known bytes, which differ from file to file.
struct File {
  Bytes header;
  Bytes payload;
  std::vector<tlog::LeafHash> hashes;
  std::string layout;

  static File Of(std::uint64_t number, std::size_t payload_bytes = 5000) {
    File file{Text("header " + std::to_string(number)),
              Bytes(payload_bytes),
              {},
              "the layout line of " + std::to_string(number) + "\n"};
    for (std::size_t i = 0; i < payload_bytes; ++i) file.payload[i] = static_cast<std::uint8_t>(1 + (i + number) % 250);
    file.hashes = {tlog::HashLeaf(file.header), tlog::HashLeaf(file.payload)};
    return file;
  }
  static File HeaderAlone(std::string_view text) { return {Text(text), {}, {}, {}}; }
  Bytes AllHashes() const {
    Bytes all;
    for (const tlog::LeafHash& hash : hashes) exhibit::Append(all, hash.view());
    return all;
  }
  SealedPlace StageIn(SealedStage& stage) const {
    Unwrap(stage.Begin(header));
    // In pieces, as blocks come.
    for (std::size_t at = 0; at < payload.size(); at += 1700) {
      Unwrap(stage.Put(ByteView(payload).subspan(at, std::min<std::size_t>(1700, payload.size() - at))));
    }
    return Unwrap(stage.End(hashes, layout));
  }
};

// What a log appends: entries from `first` on, with the tiles of the tree over all of them.
class Log {
 public:
  // Gives what Append said. Each entry has a sealed file of its number if `stage` is given, and a row of subject 0.
  Result<void> Append(Store& store, std::uint64_t count, SealedStage* stage = nullptr) {
    std::vector<Bytes> entries;
    tlog::GrowingTree grown = tree;
    AppendBatch batch;
    for (std::uint64_t i = 0; i < count; ++i) {
      entries.push_back(EntryOf(tree.size().value + i));
      grown.Append(tlog::HashLeaf(entries.back()));
    }
    for (std::uint64_t i = 0; i < count; ++i) {
      const tlog::Sequence at{tree.size().value + i};
      batch.entries.push_back({at, entries[i]});
      batch.acts.push_back({0, at, "act " + std::to_string(at.value)});
      if (stage != nullptr) batch.sealed.push_back({at, File::Of(at.value).StageIn(*stage)});
    }
    if (stage != nullptr) Unwrap(stage->Sync());
    const auto tiles = grown.TakeChangedTiles();
    for (const auto& tile : tiles) batch.tiles.push_back({tile.id, tile.bytes});
    TRY_VOID(store.Append(batch));
    tree = grown;
    return {};
  }
  // Entries with sealed files.
  Result<void> AppendSealed(Store& store, std::uint64_t count) {
    const auto stage = Unwrap(store.NewStage());
    return Append(store, count, stage.get());
  }
  // One more entry, which says that these are destroyed.
  void Shred(Store& store, const std::vector<std::uint64_t>& items) {
    const tlog::Sequence at{tree.size().value};
    const Bytes entry = EntryOf(at.value);
    AppendBatch batch;
    batch.entries.push_back({at, entry});
    batch.acts.push_back({0, at, "act " + std::to_string(at.value)});
    for (const std::uint64_t item : items) batch.destroyed.push_back({{item}, at});
    tree.Append(tlog::HashLeaf(entry));
    const auto tiles = tree.TakeChangedTiles();
    for (const auto& tile : tiles) batch.tiles.push_back({tile.id, tile.bytes});
    Unwrap(store.Append(batch));
  }
  // One more entry, with headers that were made anew for these items.
  enum class Earlier : std::uint8_t { kStay, kGo };
  void Reseal(Store& store, const std::vector<std::uint64_t>& items, Earlier earlier = Earlier::kStay) {
    const tlog::Sequence at{tree.size().value};
    const auto stage = Unwrap(store.NewStage());
    const Bytes entry = EntryOf(at.value);
    AppendBatch batch;
    batch.entries.push_back({at, entry});
    for (const std::uint64_t item : items) {
      const std::string header = "header " + std::to_string(item) + " under " + std::to_string(at.value);
      batch.rewrapped.push_back({{item}, at, File::HeaderAlone(header).StageIn(*stage)});
      if (earlier == Earlier::kGo)
        batch.destroyed.push_back({{item}, at, AppendBatch::Destroyed::What::kEarlierHeaders});
    }
    Unwrap(stage->Sync());
    tree.Append(tlog::HashLeaf(entry));
    const auto tiles = tree.TakeChangedTiles();
    for (const auto& tile : tiles) batch.tiles.push_back({tile.id, tile.bytes});
    Unwrap(store.Append(batch));
  }
  tlog::GrowingTree tree;
};

inline bool IsWhole(const ReadableStore& store, const File& file, std::uint64_t at) {
  return Unwrap(store.ReadHeader({at})) == file.header &&
         Unwrap(store.ReadPayload({at}, {0, file.payload.size()})) == file.payload &&
         Unwrap(store.ReadBlockHashes({at})) == file.AllHashes() &&
         TextOf(Unwrap(store.ReadLayout({at}))) == file.layout;
}

// All of a log of `count` entries, with sealed files.
inline void CheckHolds(const ReadableStore& store, std::uint64_t count) {
  CHECK(Unwrap(store.CountEntries()).value == count);
  tlog::GrowingTree expected;
  for (std::uint64_t at = 0; at < count; ++at) {
    CAPTURE(at);
    CHECK(Unwrap(store.ReadEntry({at})) == EntryOf(at));
    CHECK(TextOf(Unwrap(store.ReadAct(0, {at}))) == "act " + std::to_string(at));
    CHECK(IsWhole(store, File::Of(at), at));
    expected.Append(tlog::HashLeaf(EntryOf(at)));
  }
  for (const auto& tile : expected.TakeChangedTiles()) CHECK(Unwrap(store.ReadTile(tile.id)) == tile.bytes);
}

// Whether the medium has no fault, or no more than what was staged and no entry names.
enum class Left : std::uint8_t { kNothing, kPerhapsStaged };
inline bool IsClean(const ReadableStore& store, Left left) {
  const auto faults = Unwrap(store.CheckMedium());
  return std::ranges::all_of(faults, [&](const verify::MediumFault& fault) {
    return left == Left::kPerhapsStaged && fault.weight == verify::MediumFault::Weight::kRemark &&
           fault.message.find("bytes that no entry names") != std::string::npos;
  });
}

inline void CheckAbsent(const ReadableStore& store, std::uint64_t at) {
  const tlog::Sequence absent{at};
  CHECK_FAILS(store.ReadEntry(absent), ErrorCode::kNotFound, "entry " + std::to_string(at));
  CHECK_FAILS(store.ReadAct(0, absent), ErrorCode::kNotFound, "index of 0");
  CHECK_FAILS(store.FindPlace(absent), ErrorCode::kNotFound, "sealed file");
  CHECK_FAILS(store.FindPlace(absent, {at + 1}), ErrorCode::kNotFound, "header under entry");
  CHECK_FAILS(store.ReadHeader(absent), ErrorCode::kNotFound, "entry " + std::to_string(at));
  CHECK_FAILS(store.ReadRewrapped(absent, {at + 1}), ErrorCode::kNotFound, "entry " + std::to_string(at));
  CHECK_FAILS(store.ReadLayout(absent), ErrorCode::kNotFound, "entry " + std::to_string(at));
  CHECK_FAILS(store.ReadPayload(absent, {0, 1}), ErrorCode::kNotFound, "entry " + std::to_string(at));
  CHECK_FAILS(store.ReadPayload(absent, {0, 0}), ErrorCode::kNotFound, "entry " + std::to_string(at));
  CHECK_FAILS(store.ReadBlockHashes(absent), ErrorCode::kNotFound, "entry " + std::to_string(at));
  CHECK_FAILS(store.ReadTile({0, at / tlog::kTileWidth + 1, 1}), ErrorCode::kNotFound, "tile");
  CHECK_FAILS(store.ReadCheckpoint({at}), ErrorCode::kNotFound, "checkpoint of size " + std::to_string(at));
}

}  // namespace exhibit::testing
