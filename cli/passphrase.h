// Where a passphrase comes from, in this order, and never from an argument or a variable's value:
//
//   EXHIBIT_PASSPHRASE_FILE      the first line of the file, which others must not be able to read
//   EXHIBIT_PASSPHRASE_COMMAND   the first line that the command prints
//   a prompt on the terminal     with echo off
//
// A line ends at LF or CR LF and has at most kMaxPassphraseBytes; a longer one is refused, never cut
// short. Every buffer that held it is wiped, and it is remembered so that no entry ever holds it
// (crypto/given_secrets.h).
#pragma once

#include <cstddef>
#include <string_view>

#include "vault/base/error.h"
#include "vault/crypto/secret.h"
#include "vault/custody/key_file.h"

namespace exhibit::cli {

inline constexpr std::size_t kMinPassphraseBytes = 8;
inline constexpr std::size_t kMaxPassphraseBytes = 4096;

// One passphrase a command: it is tried on everything that the command opens. The user is asked for another, once
// for each thing and by its name, only if none of them opens it. `vault` is the vault's origin, which the first
// prompt names.
Result<crypto::SecretText> GivePassphrase(const custody::PassphraseRequest& request, std::string_view vault);
// The same for a key that belongs to no vault.
Result<crypto::SecretText> PassphrasesByName(const custody::PassphraseRequest& request);

// A passphrase that exists, asked for now. `what` is named in the prompt and in errors. kDenied if there is no way to
// get it or the way is not safe, kInvalid if it is empty or too long, kInterrupted after Ctrl-C.
Result<crypto::SecretText> AskPassphrase(std::string_view what);

// Whether a passphrase can be taken from this file: nobody else can read it. Reads nothing of it.
Result<void> CheckPassphraseFile(const char* path);

// Remembers the passphrase in EXHIBIT_PASSPHRASE_FILE even if the command needs none, because it is a secret. A file that
// is not plain, or cannot be read, is ignored here.
void RememberPassphraseFile();

// A new one, asked twice at a prompt. kInvalid if it is shorter than kMinPassphraseBytes.
Result<crypto::SecretText> AskNewPassphrase(std::string_view what);
// One that takes the place of another: EXHIBIT_NEW_PASSPHRASE_FILE or EXHIBIT_NEW_PASSPHRASE_COMMAND gives it, because the
// other variables give the one that there is. Otherwise the same.
Result<crypto::SecretText> AskNextPassphrase(std::string_view what);

}  // namespace exhibit::cli
