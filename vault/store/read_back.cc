#include "vault/store/read_back.h"

#include <string>

#include "vault/store/names.h"

namespace exhibit::store {
namespace {

using tlog::NameOf;

Error NotWhatWasWritten(std::string_view what) {
  return {ErrorCode::kTampered, std::string(what) + ": read back differs from what was written",
          "the disk or the memory of this machine is failing; no checkpoint was signed over it"};
}

Result<void> ComparePlace(const Result<SealedPlace>& stored, const SealedPlace& expected, std::string_view what) {
  if (!stored) return Fail(stored.error());
  if (*stored == expected) return {};
  return Fail(NotWhatWasWritten(std::string(what) + ": place"));
}

Result<void> CompareTile(const ReadableStore& store, const tlog::TileId& id, ByteView bytes) {
  return CompareStored(store.ReadTile(id), bytes, tlog::TilePath(id));
}

}  // namespace

Result<void> CompareStored(const Result<Bytes>& stored, ByteView expected, std::string_view what) {
  if (!stored) return Fail(stored.error());
  if (Equal(*stored, expected)) return {};
  return Fail(NotWhatWasWritten(what));
}

Result<void> CompareRows(const ReadableStore& store, std::span<const custody::ActRow> rows) {
  for (const custody::ActRow& row : rows) {
    TRY_VOID(CompareStored(store.ReadAct(row.subject, row.sequence), ViewOf(row.type),
                           NameOfAct(row.subject, row.sequence)));
  }
  return {};
}

Result<void> CompareTiles(const ReadableStore& store, std::span<const tlog::GrowingTree::Tile> tiles) {
  for (const auto& tile : tiles) TRY_VOID(CompareTile(store, tile.id, tile.bytes));
  return {};
}

Result<void> CompareAppended(const ReadableStore& store, const AppendBatch& batch) {
  const auto stored = store.ReadEntries(batch.entries.front().sequence, batch.entries.size());
  for (std::size_t i = 0; i < batch.entries.size(); ++i) {
    TRY_VOID(CompareStored(stored[i], batch.entries[i].bytes, NameOf(batch.entries[i].sequence)));
  }
  TRY_VOID(CompareRows(store, batch.acts));
  for (const AppendBatch::Sealed& sealed : batch.sealed) {
    TRY_VOID(ComparePlace(store.FindPlace(sealed.sequence), sealed.place, NameOf(sealed.sequence)));
  }
  for (const AppendBatch::Rewrapped& one : batch.rewrapped) {
    TRY_VOID(ComparePlace(store.FindPlace(one.sequence, one.under), one.place, NameOf(one.sequence)));
  }
  for (const auto& tile : batch.tiles) TRY_VOID(CompareTile(store, tile.id, tile.bytes));
  return {};
}

}  // namespace exhibit::store
