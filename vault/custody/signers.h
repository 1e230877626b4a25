// Who must have signed an entry: one rule for writing, printing and verifying.
//
//   the actor          with the key that it had at the entry's position; for the genesis, the key that it brings; for a
//                      recovery, the recovery key
//   after the actor    the cosigner that the entry names, likewise, or the new key that it brings; for other keys of the
//                      log, the log's Ed25519 key until here and the new one
//   in its statement   of a transfer: the releaser and, if it was accepted, the receiver; of a collector: the collector;
//                      of a receipt: the key that it names itself
//
// Whether they may act so is another question, which CheckAct answers (judging.h): an entry that breaks a rule has signers
// too, and a report says both whether it is allowed and whether they signed.
#pragma once

#include <vector>

#include "vault/base/error.h"
#include "vault/custody/entry.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {

class Signers {
 public:
  // `facts` are those at the entry's position, or later ones: they keep when each key was admitted and when it ended.
  // kDenied naming a key that was not admitted at that position.
  static Result<Signers> Of(const Facts& facts, const Entry& entry);

  const std::vector<tlog::VerifierKey>& of_entry() const { return entry_; }
  const std::vector<tlog::VerifierKey>& of_statement() const { return statement_; }

 private:
  Signers() = default;
  std::vector<tlog::VerifierKey> entry_;      // in the order of their lines
  std::vector<tlog::VerifierKey> statement_;  // empty if the entry carries no statement
};

// kTampered unless the entry, and what it carries, have exactly these signatures.
Result<void> CheckSignatures(const SignedEntry& entry, const Signers& signers);
// The signatures of the statement that it carries. Writers call it before they write an entry, too.
Result<void> CheckStatement(const EntryBody& body, const Signers& signers);

}  // namespace exhibit::custody
