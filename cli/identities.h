// Identity files that a user names.
#pragma once

#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/seal/recipient.h"

namespace exhibit::cli {

// An age identity file; it may itself be an age file under a passphrase, which is then asked for.
Result<std::vector<seal::X25519Identity>> LoadIdentities(const std::string& path);

// Who is to read: each word is a recipient (age1…) or a file of them. At most 64 in all.
Result<std::vector<seal::X25519Recipient>> LoadRecipients(const std::vector<std::string>& words);

}  // namespace exhibit::cli
