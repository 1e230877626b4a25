// Shredding: sealed files are destroyed under a signed entry, which stays. Their entries stay too, and every proof holds; what
// is in bundles that were given stays there.
#pragma once

#include "vault/session/vault_writer.h"

namespace exhibit::work {

// Commits the act, and then destroys headers and payload of each of its items. Interrupted in between, the next writer's
// opening destroys them: the entry that says so is in the log already. REQUIRES: the act is a custody::Shred.
Result<store::Committed> Shred(VaultWriter& vault, store::Appender::Act act);

}  // namespace exhibit::work
