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
  // `--purpose`, and who signs.
  void AddTo(CLI::App& command);
};

// There is a purpose: where none was given it is asked for on the terminal, after the passphrase of the keys that will
// sign, so that nobody types the one for the other. It is shown back. For who wants to know it before long work.
// kInvalid where nobody can be asked, or where it is none that an entry can hold.
Result<void> AskPurpose(const Globals& globals, AccessOptions& options);

// Opens the vault with the key that the options name, for a job that records something.
work::OpenWriter WriterOf(const Globals& globals, const AccessOptions& options);

}  // namespace exhibit::cli
