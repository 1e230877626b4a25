#include "vault/custody/acts/log_key.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

bool LogKeyChange::NeedsTwo(const Judging& at) const {
  return at.facts.two.Has(Ruled::kLogKey) || at.facts.CastsDoubt(std::nullopt, compromised_since);
}

Result<void> LogKeyChange::Check(const Judging& at) const {
  const LogKeyList& before = at.facts.log_keys->present();
  if (at.facts.KnowsPublicKey(log.ed25519.public_key().view()))
    return Refused("the log's new key was known to this vault before");
  // The one of type 06 may stay.
  const bool is_new = log.ml_dsa && log.ml_dsa != before.ml_dsa;
  if (is_new && at.facts.log_keys->Knows(log.ml_dsa->public_key()))
    return Refused("the log had this ML-DSA-44 key before");
  if (before.ml_dsa && !log.ml_dsa) return Refused("the log has an ML-DSA-44 key, and would have none");
  return {};
}

void LogKeyChange::Apply(Facts& facts, const Entry& entry) const {
  if (compromised_since) {
    facts.compromises.emplace(entry.sequence,
                              Compromise{ActorOf(facts.log_keys->present().ed25519), true, *compromised_since});
  }
  facts.log_keys.Change().Replace(entry.sequence, entry.time, log);
}

}  // namespace exhibit::custody
