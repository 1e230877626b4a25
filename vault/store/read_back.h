// Compares what a store gives back with what was written to it. Nothing is signed over bytes that did not come back.
//
// All fail with kTampered where something differs, and with the store's own error where it cannot be read.
#pragma once

#include <span>
#include <string_view>

#include "vault/store/store.h"
#include "vault/tlog/tree.h"

namespace exhibit::store {

// `what` names it in the error.
Result<void> CompareStored(const Result<Bytes>& stored, ByteView expected, std::string_view what);

Result<void> CompareRows(const ReadableStore& store, std::span<const custody::ActRow> rows);
Result<void> CompareTiles(const ReadableStore& store, std::span<const tlog::GrowingTree::Tile> tiles);

// All that was appended.
Result<void> CompareAppended(const ReadableStore& store, const AppendBatch& batch);

}  // namespace exhibit::store
