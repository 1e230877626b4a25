#include "vault/custody/acts/case.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

void CaseRecord::Apply(Facts& facts, const Entry& entry) const { facts.cases.push_back(entry.sequence); }

}  // namespace exhibit::custody
