#include "vault/custody/acts/item.h"

#include "vault/base/format.h"
#include "vault/custody/judging.h"

namespace exhibit::custody {
namespace {

// What is not as it should be is said by `accepted`, and nothing else is.
Result<void> CheckAccepted(const Facts& facts, const Collected& said, const WordSet<Accepted>& accepted) {
  const bool is_earlier = said.recipient != facts.recipient();
  if (is_earlier != accepted.Has(Accepted::kEarlierKey)) {
    return Refused(is_earlier ? "the collected item is sealed to another key than the vault's present one"
                              : "it accepts an earlier key, and the collected item is sealed to the present one",
                   is_earlier ? "a custodian can accept it: --accept-earlier-key" : "");
  }
  if (!facts.HadRecipient(said.recipient))
    return Refused("the collected item is sealed to a key that this vault never had");
  const bool is_retired = facts.FindPresent(said.collector) == nullptr;
  if (is_retired != accepted.Has(Accepted::kRetired)) {
    return Denied(is_retired ? "the collector's key is not admitted"
                             : "it accepts a retired collector, and the collector's key is admitted",
                  is_retired ? "a custodian can accept what a key that was admitted signed: --accept-retired" : "");
  }
  TRY_VOID(is_retired ? EverCollector(facts, said.collector) : PresentCollector(facts, said.collector));
  return {};
}

Result<void> CheckUnused(const Judging& at, const CollectedNumber& number) {
  bool is_used = at.facts.collectors->Knows(number);
  if (!is_used && at.ask.collected) {
    TRY(is_used, at.ask.collected(number));
  }
  if (!is_used) return {};
  return Refused(Format("number {} of {} is in the log already", number.number, Printable(number.handle)));
}

}  // namespace

Result<void> Item::CheckForm() const {
  if (!accepted) return {};
  if (!collected) return Fail(ErrorCode::kInvalid, "\"accepted\" of what nobody collected");
  return accepted->empty() ? Fail(ErrorCode::kInvalid, "\"accepted\" is empty") : Result<void>();
}

Result<std::vector<tlog::VerifierKey>> Item::StatementKeys(const Facts& facts) const {
  if (!collected) return std::vector<tlog::VerifierKey>();
  TRY(const Membership* const member, EverCollector(facts, collected->said().collector));
  return std::vector{member->key};
}

Result<void> Item::Check(const Judging& at) const {
  if (!collected) return {};
  const Collected& said = collected->said();
  TRY_VOID(CheckOfThisVault(at.facts, said.origin, said.fingerprint, "the collector's statement"));
  if (at.entry.sealed && said.sealed != *at.entry.sealed)
    return Refused("the collector's statement is of another sealed file");
  TRY_VOID(CheckAccepted(at.facts, said, accepted.value_or(WordSet<Accepted>())));
  return CheckUnused(at, NumberOf(said));
}

void Item::Apply(Facts& facts, const Entry& /*entry*/) const {
  if (collected) facts.collectors.Change().Add(*collected);
}

}  // namespace exhibit::custody
