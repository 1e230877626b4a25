// What messages call the things of a store, in whichever store they are.
#pragma once

#include <cstdint>
#include <string>

#include "vault/base/format.h"
#include "vault/store/store.h"

namespace exhibit::store {

inline std::string NameOfAct(std::uint64_t subject, tlog::Sequence at) {
  return Format("{}: index of {}", NameOf(at), subject);
}
inline std::string NameOfPlace(tlog::Sequence sequence) { return NameOf(sequence) + ": sealed file"; }
inline std::string NameOfPlace(tlog::Sequence sequence, tlog::Sequence under) {
  return NameOf(sequence) + ": header under " + NameOf(under);
}
inline std::string NameOfTile(const tlog::TileId& id) { return Format("tile {} of level {}", id.index, id.level); }
inline std::string NameOfCheckpoint(tlog::TreeSize size) { return Format("checkpoint of size {}", size); }

inline constexpr std::string_view kUnreferenced = "what no entry names";

inline constexpr std::string_view kHintRestoreStore =
    "put the store's files back from a copy of the vault's folder; nothing is repaired here. Without a copy, change "
    "nothing in this folder: what is left of it is evidence";

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
