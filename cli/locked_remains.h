// What an object store still holds of what was destroyed, for whoever destroyed it just now.
#pragma once

#include "vault/session/remote_vault.h"

namespace exhibit::cli {

// Says until when its bytes stay, and what takes them away. Nobody may miss that, however quiet the program is to be.
void SayUntilWhenItStays(const RemoteVault& remote);

}  // namespace exhibit::cli
