// Shredding: a sealed file is destroyed under a signed entry, which stays and proves what was there.
#pragma once

#include "vault/session/vault_writer.h"

namespace exhibit::work {

// Commits the act, and then destroys header and payload of the item. Interrupted in between, the next writer's opening
// destroys them: the entry that says so is in the log already. `cosigner`, if not null, signs after the actor.
Result<store::Committed> Shred(VaultWriter& vault, custody::Shred shred, const tlog::SigningKey* cosigner);

}  // namespace exhibit::work
