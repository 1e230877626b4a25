// Where a passphrase comes from. In this order, and never from an argument or a variable's value:
//
//   EXHIBIT_PASSPHRASE_FILE      the first line of the file, which others must not be able to read
//   EXHIBIT_PASSPHRASE_COMMAND   the first line that the command prints
//   a prompt on the terminal     with echo off
#pragma once

#include <string_view>

#include "vault/base/error.h"
#include "vault/crypto/secret.h"

namespace exhibit::cli {

inline constexpr std::size_t kMinPassphraseBytes = 8;

// A passphrase that exists. `what` is named in the prompt and in errors.
Result<crypto::SecretText> AskPassphrase(std::string_view what);

// A new one, asked twice at a prompt. kInvalid if it is shorter than kMinPassphraseBytes.
Result<crypto::SecretText> AskNewPassphrase(std::string_view what);

}  // namespace exhibit::cli
