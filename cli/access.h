// What the commands that take content out of a vault share: why, and who signs the entry that says so
// (custody/access_grant.h). It is asked for before the long work.
#pragma once

#include <string>

#include "cli/act.h"
#include "vault/work/access.h"

namespace exhibit::cli {

struct AccessOptions {
  std::string purpose;
  SignerOptions signer;
  // Adds --purpose and --key.
  void AddTo(const Command& command);
};

// Makes sure that there is a purpose: if none was given, asks for it on the terminal, after the passphrase of the keys that will
// sign, so that nobody types one instead of the other, and shows it. Call it before long work.
// kInvalid if nobody can be asked, or if an entry cannot hold it.
Result<void> AskPurpose(const Globals& globals, AccessOptions& options);

// Opens the vault with the key that the options name, for a job that records something.
work::OpenWriter WriterOf(const Globals& globals, const AccessOptions& options);

}  // namespace exhibit::cli
