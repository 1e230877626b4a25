// Identity files that a user names.
#pragma once

#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/seal/recipient.h"

namespace exhibit::cli {

// An age identity file; it may itself be an age file under a passphrase, which is then asked for.
Result<std::vector<seal::X25519Identity>> LoadIdentities(const std::string& path);

}  // namespace exhibit::cli
