// Reading content is an act of custody: a signed entry says who, what and why before a byte comes out.
// There is no way around it here, and so none for somebody who only borrows the machine.
#pragma once

#include <string>
#include <vector>

#include "cli/act.h"

namespace exhibit::cli {

struct AccessOptions {
  std::string purpose;
  SignerOptions signer;
  // `--purpose`, and who signs.
  void AddTo(CLI::App& command);
};

// Who signed, for what else he signs, and the last entry that was made.
struct Recorded {
  tlog::Sequence entry;
  tlog::SigningKey signer;
};

// There is a purpose: where none was given it is asked for on the terminal, after the passphrase of the keys that will
// sign, so that nobody types the one for the other. It is shown back. For who wants to know it before long work.
// kInvalid where nobody can be asked, or where it is none that an entry can hold.
Result<void> AskPurpose(const Globals& globals, AccessOptions& options);

// Records that `items` are about to be read or exported, in entries of at most custody::ItemSet::kMaxItems
// each. REQUIRES: there is a purpose.
Result<Recorded> RecordAccess(const Globals& globals, const AccessOptions& options, custody::Access::Way way,
                              const std::vector<tlog::Sequence>& items,
                              const std::vector<std::string>& recipients = {});

// The key that would sign, with nothing recorded: for what an entry before has announced.
Result<tlog::SigningKey> FindSigner(const Globals& globals, const AccessOptions& options);

}  // namespace exhibit::cli
