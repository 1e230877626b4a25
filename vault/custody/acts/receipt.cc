#include "vault/custody/acts/receipt.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

Result<std::vector<tlog::VerifierKey>> Received::StatementKeys(const Facts& /*facts*/) const {
  return std::vector{statement.said().received_by};
}

Result<void> Received::Check(const Judging& at) const {
  const Receipt& said = statement.said();
  TRY_VOID(CheckOfThisVault(at.facts, said.origin, said.fingerprint, "the receipt"));
  if (at.entry.sealed && said.fields != at.entry.sealed->fields)
    return Refused("the receipt has other fields than its entry");
  if (said.received_by.name().text() != ReceiverKeyName(at.facts.origin)) {
    return Refused("the receipt is signed under another name than " + ReceiverKeyName(at.facts.origin));
  }
  TRY_VOID(at.facts.log_keys->Check(said.checkpoint));
  if (said.checkpoint.checkpoint().size.value > at.entry.sequence.value) {
    return Refused("the receipt's checkpoint is not one before this entry");
  }
  if (at.facts.Find(said.made_by) == nullptr) {
    return Refused("the receipt is of a bundle by " + Printable(said.made_by.text()) +
                   ", whom this vault does not know");
  }
  return CheckUsedOnce(at.facts, statement.text_digest(), "the receipt");
}

void Received::Apply(Facts& facts, const Entry& /*entry*/) const {
  facts.statements.Change().insert(statement.text_digest());
}

}  // namespace exhibit::custody
