// A sealed file on its way to where it is kept, and what becomes of it: what a store commits (appender.h) and what a drop
// is given (intake/drop.h). It knows neither, so that a collector needs no store.
#pragma once

#include <optional>

#include "vault/custody/body.h"
#include "vault/store/entry_sealer.h"
#include "vault/store/sealed_stage.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/sequence.h"

namespace exhibit::store {

// An entry on its way into the log.
struct Pending {
  custody::EntryBody body;
  std::optional<SealedEntry> sealed;      // missing of a type without a sealed file
  std::optional<SealedPlace> place = {};  // where it was staged; else its payload is here
};

struct Committed {
  tlog::Sequence first;  // the first entry of the group; the others follow
  tlog::Checkpoint checkpoint;
};

}  // namespace exhibit::store
