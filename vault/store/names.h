// What messages call the things of a store, in whichever store they are.
#pragma once

#include <cstdint>
#include <string>

#include "vault/store/store.h"

namespace exhibit::store {

inline std::string NameOfAct(std::uint64_t subject, tlog::Sequence at) {
  return NameOf(at) + ": index of " + std::to_string(subject);
}
inline std::string NameOfPlace(tlog::Sequence sequence) { return NameOf(sequence) + ": sealed file"; }
inline std::string NameOfPlace(tlog::Sequence sequence, tlog::Sequence under) {
  return NameOf(sequence) + ": header under " + NameOf(under);
}
inline std::string NameOfTile(const tlog::TileId& id) {
  return "tile " + std::to_string(id.index) + " of level " + std::to_string(id.level);
}
inline std::string NameOfCheckpoint(tlog::TreeSize size) { return "checkpoint of size " + std::to_string(size.value); }

// What every store says alike.
inline Error NotInStore(std::string_view what) {
  return {ErrorCode::kNotFound, std::string(what) + ": not in the store", {}};
}
inline Error WasDestroyed(std::string_view what) {
  return {ErrorCode::kNotFound, std::string(what) + ": it was destroyed", {}};
}
inline Error AnotherCheckpoint(tlog::TreeSize size) {
  return {ErrorCode::kExists, NameOfCheckpoint(size) + ": another one is stored already", {}};
}
inline Error UnknownOutcome() {
  return {ErrorCode::kIo, "an earlier write failed, and it is not known whether it was kept", "run the command again"};
}

// Whether the batch begins where `count` entries end, and its entries follow one another.
Result<void> CheckFollows(const AppendBatch& batch, tlog::TreeSize count);

}  // namespace exhibit::store
