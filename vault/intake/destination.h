// Where sealed files are put: a vault (work/add.h), or a drop that somebody carries to one (intake/drop.h).
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "vault/custody/digests.h"
#include "vault/store/entry_sealer.h"
#include "vault/store/pending.h"
#include "vault/store/sealed_stage.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/note_key.h"

namespace exhibit::intake {

class Destination {
 public:
  virtual ~Destination() = default;
  virtual const store::EntrySealer& sealer() const = 0;
  virtual Result<std::unique_ptr<store::SealedStage>> NewStage() = 0;
  // As store::Appender commits; durable when it returns.
  virtual Result<store::Committed> Commit(std::vector<store::Pending> group,
                                          std::unique_ptr<store::SealedStage> stage) = 0;
  // Nothing more comes. A drop gets its closing statement.
  virtual Result<void> Close() { return {}; }
  virtual tlog::Checkpoint head() const = 0;

  // For the journal (intake/journal.h). Who signs what is put here; and the number of what is put here next.
  virtual const tlog::SigningKey& key() const = 0;
  virtual tlog::Sequence next() const = 0;
  // The header that what has this number names. Nothing if it is not here, or cannot be read.
  virtual std::optional<custody::HeaderDigest> HeaderOf(tlog::Sequence number) const = 0;
};

}  // namespace exhibit::intake
