// Identity files that a user names.
#pragma once

#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/seal/recipient.h"

namespace exhibit::cli {

// An age identity file; it may itself be an age file under a passphrase, which is then asked for.
Result<std::vector<seal::X25519Identity>> LoadIdentities(const std::string& path);

// To whom something is sealed: each word is a recipient (age1…, or an SSH Ed25519 key as it stands in its .pub file), or
// a file of them. In their order, each once, at most 64 in all.
Result<std::vector<seal::Recipient>> LoadRecipients(const std::vector<std::string>& words);
// Those who are to open a vault's key, which takes age's own keys alone: kUnsupported for others.
Result<std::vector<seal::X25519Recipient>> LoadReaders(const std::vector<std::string>& words);

}  // namespace exhibit::cli
