// Where a passphrase comes from. In this order, and never from an argument or a variable's value:
//
//   EXHIBIT_PASSPHRASE_FILE      the first line of the file, which others must not be able to read
//   EXHIBIT_PASSPHRASE_COMMAND   the first line that the command prints
//   a prompt on the terminal     with echo off
//
// A line ends at LF or CR LF and has at most kMaxPassphraseBytes; a longer one is refused, never cut
// short. Every buffer that held it is wiped.
#pragma once

#include <cstddef>
#include <string_view>

#include "vault/base/error.h"
#include "vault/crypto/secret.h"

namespace exhibit::cli {

inline constexpr std::size_t kMinPassphraseBytes = 8;
inline constexpr std::size_t kMaxPassphraseBytes = 4096;

// A passphrase that exists. `what` is named in the prompt and in errors. kDenied if there is no way to
// get it or the way is not safe, kInvalid if it is empty or too long, kInterrupted after Ctrl-C.
Result<crypto::SecretText> AskPassphrase(std::string_view what);

// A new one, asked twice at a prompt. kInvalid if it is shorter than kMinPassphraseBytes.
Result<crypto::SecretText> AskNewPassphrase(std::string_view what);

}  // namespace exhibit::cli
