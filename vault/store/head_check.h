// Checks that a store is the one that was last acknowledged: at every open, before anything else.
//
// The store must have everything that the head (a checkpoint signed by the vault's log key) covers: at least as
// many entries, tiles that lead to its root, and the last entry that the tree has. Otherwise entries
// were lost, and nothing is repaired; the error says what of the store is gone, if that shows. verify/kept_check.h compares it with heads that were kept
// elsewhere.
#pragma once

#include "vault/base/error.h"
#include "vault/custody/state.h"
#include "vault/store/store.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/tree.h"

namespace exhibit::store {

// The same entry, if it is a genesis that the custodian whom it names has signed.
Result<custody::SignedEntry> CheckedGenesis(custody::SignedEntry genesis);

// The genesis entry, after its own signature was checked. kTampered, kInvalid or kUnsupported otherwise.
Result<custody::SignedEntry> ReadGenesis(const ReadableStore& store);

// The tree at the head, after the checks above. kTampered says which one failed.
Result<tlog::GrowingTree> CheckHead(const ReadableStore& store, const tlog::Checkpoint& head);

}  // namespace exhibit::store
