// Whether a store is what was last acknowledged: asked at every open, before anything else.
//
// The head (a checkpoint signed by the vault's log key) must be borne out by the store: at least as
// many entries, tiles that lead to its root, and its last entry where the tree says. Otherwise entries
// were lost; nothing is repaired. Heads that were kept elsewhere are compared with it in
// verify/kept_check.h.
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

}  // namespace exhibit::store
