// Whether a store is what was last acknowledged: asked at every open, before anything else.
//
// The head (a checkpoint signed by the vault's log key) must be borne out by the store: at least as
// many entries, tiles that lead to its root, and its last entry where the tree says. A head that was
// kept elsewhere must be an earlier state of the same log: not larger, and consistent. Otherwise
// entries were lost, the vault was rolled back, or there are two histories; nothing is repaired.
#pragma once

#include "vault/base/error.h"
#include "vault/custody/state.h"
#include "vault/store/store.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/tree.h"

namespace exhibit::store {

// Tiles of a store, as the tree reads them.
class StoreTiles final : public tlog::TileReader {
 public:
  explicit StoreTiles(const ReadableStore& store) : store_(store) {}
  Result<Bytes> ReadTile(const tlog::TileId& id) const override { return store_.ReadTile(id); }

 private:
  const ReadableStore& store_;
};

// The genesis entry with its own signature checked. kTampered, kInvalid or kUnsupported otherwise.
Result<custody::SignedEntry> ReadGenesis(const ReadableStore& store);

// The tree that the head speaks of, after the checks above. kTampered says which one failed.
Result<tlog::GrowingTree> CheckHead(const ReadableStore& store, const tlog::Checkpoint& head);

// kTampered unless `kept` is the beginning of what `head` signs. `where` names the kept head's place.
Result<void> CheckKeptHead(const ReadableStore& store, const tlog::Checkpoint& kept, const tlog::Checkpoint& head,
                           std::string_view where);

}  // namespace exhibit::store
