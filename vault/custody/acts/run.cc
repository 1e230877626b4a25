#include "vault/custody/acts/run.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

Result<std::vector<tlog::VerifierKey>> Run::StatementKeys(const Facts& facts) const {
  TRY(const Membership* const member, EverCollector(facts, statement.said().collector));
  return std::vector{member->key};
}

Result<void> Run::Check(const Judging& at) const {
  const ClosedRun& said = statement.said();
  TRY_VOID(CheckOfThisVault(at.facts, said.origin, said.fingerprint, "the closing statement"));
  TRY_VOID(EverCollector(at.facts, said.collector));
  return CheckUsedOnce(at.facts, statement.text_digest(), "the closing statement");
}

void Run::Apply(Facts& facts, const Entry& /*entry*/) const {
  facts.statements.Change().insert(statement.text_digest());
  facts.collectors.Change().Add(statement);
}

}  // namespace exhibit::custody
