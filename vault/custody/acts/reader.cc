#include "vault/custody/acts/reader.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

bool ReaderChange::NeedsTwo(const Judging& at) const {
  if (at.facts.two.Has(Ruled::kReader)) return true;
  return !at.facts.two.empty() && (recovery || at.facts.recovery() != nullptr);
}

void ReaderChange::Apply(Facts& facts, const Entry& entry) const {
  facts.key_file = key_file;
  facts.SetRecovery(recovery, entry.sequence);
}

}  // namespace exhibit::custody
