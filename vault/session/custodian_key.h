// The signing key of whoever acts: a file of the user's own, outside of the vault. Its name is the custodian's handle,
// such as `x7.example/q4d2/k1`, and says nothing of whose it is.
#pragma once

#include <filesystem>

#include "vault/base/error.h"
#include "vault/custody/key_file.h"
#include "vault/tlog/checkpoint.h"

namespace exhibit {

// The default path of the user's signing key for `origin`:
// $XDG_CONFIG_HOME/exhibit/keys/<origin>.key, else ~/.config/exhibit/keys/… kNotFound without both.
Result<std::filesystem::path> UserKeyPath(const tlog::Origin& origin);

// The signing key in `file` or, if that is empty, in the user's file for `origin`. kNotFound if it is not there, kDenied
// if the passphrase does not open it or it is a key of another vault.
Result<tlog::SigningKey> LoadCustodianKey(const std::filesystem::path& file, const tlog::Origin& origin,
                                          const custody::PassphraseProvider& passphrase);

}  // namespace exhibit
