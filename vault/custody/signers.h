// Who must have signed an entry: one rule, asked by whoever writes, prints or verifies.
//
//   the actor          with the key that he had at the entry's position; of the genesis, the one that it brings
//   behind him         the cosigner that the entry names, likewise; where a key is replaced, the new key that the
//                      entry brings; where the log's is, the old one and the new one
//   in what it carries a transfer's statement: the releaser and, where it was accepted, the receiver; a collector's
//                      statement: the collector; a receipt: the key that it names itself
//
// Whether these may act so is another question, which CheckAct answers (facts.h): an entry that breaks a rule has
// signers, too, and whether they signed is told apart from it.
#pragma once

#include <vector>

#include "vault/base/error.h"
#include "vault/custody/entry.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {

struct Facts;

class Signers {
 public:
  // `facts` are those at the entry's position, or later ones: a key that lost its place never comes back, and when
  // it had it is kept. kDenied naming a key that had no place there.
  static Result<Signers> Of(const Facts& facts, const Entry& entry);

  const std::vector<tlog::VerifierKey>& of_entry() const { return entry_; }
  const std::vector<tlog::VerifierKey>& of_statement() const { return statement_; }

 private:
  Signers() = default;
  std::vector<tlog::VerifierKey> entry_;      // in the order of their lines
  std::vector<tlog::VerifierKey> statement_;  // none where the entry carries none
};

// kTampered unless the entry, and what it carries, have exactly these signatures.
Result<void> CheckSignatures(const SignedEntry& entry, const Signers& signers);
// The part of it that others signed before it came here: asked before an entry is written, too.
Result<void> CheckStatement(const EntryBody& body, const Signers& signers);

}  // namespace exhibit::custody
