// What an entry says is destroyed, as a batch names it. Whoever appends a shred or a reseal entry notes it.
#pragma once

#include "vault/custody/entry.h"
#include "vault/store/store.h"

namespace exhibit::store {

void NoteDestroyed(const custody::Entry& entry, AppendBatch& batch);

}  // namespace exhibit::store
