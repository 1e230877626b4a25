#include "vault/custody/acts/succeed.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

const Actor& Succeed::collector() const {
  return std::visit([](const auto& one) -> const Actor& { return one.said().collector; }, statement);
}
const std::optional<tlog::VerifierKey>& Succeed::next() const {
  return std::visit([](const auto& one) -> const std::optional<tlog::VerifierKey>& { return one.said().next; },
                    statement);
}
ByteView Succeed::statement_note() const {
  return std::visit([](const auto& one) { return one.bytes(); }, statement);
}

Result<void> Succeed::CheckForm() const {
  return next() ? Result<void>() : Fail(ErrorCode::kInvalid, "\"statement\" names no next key");
}

Result<std::vector<tlog::VerifierKey>> Succeed::StatementKeys(const Facts& facts) const {
  TRY(const Membership* const member, EverCollector(facts, collector()));
  return std::vector{member->key};
}

Result<void> Succeed::Check(const Judging& at) const {
  TRY_VOID(std::visit(
      [&](const auto& one) {
        return CheckOfThisVault(at.facts, one.said().origin, one.said().fingerprint, "the collector's statement");
      },
      statement));
  TRY_VOID(PresentCollector(at.facts, collector()));
  return CheckNewKey(at.facts, *next());
}

void Succeed::Apply(Facts& facts, const Entry& entry) const { facts.Replace(collector(), *next(), entry.sequence); }

}  // namespace exhibit::custody
