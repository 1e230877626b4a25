// Identity files that a user names.
#pragma once

#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/seal/recipient.h"

namespace exhibit::cli {

// Reads an age identity file, or OpenSSH's file of an Ed25519 key. If the file is an age file under a passphrase, asks for
// that.
Result<std::vector<seal::Identity>> LoadIdentities(const std::string& path);
// Those of all these files.
Result<std::vector<seal::Identity>> LoadAllIdentities(const std::vector<std::string>& paths);

// Recipients: each word is one (age1…, or an SSH Ed25519 key as in its .pub file), or
// a file of them. In order, each once, at most 64 in all.
Result<std::vector<seal::Recipient>> LoadRecipients(const std::vector<std::string>& words);
// Recipients of a vault key, which must be age's own keys: kUnsupported for SSH keys.
Result<std::vector<seal::Recipient>> LoadReaders(const std::vector<std::string>& words);

}  // namespace exhibit::cli
