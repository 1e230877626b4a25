#include "vault/custody/acts/closed.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

bool Closed::NeedsTwo(const Judging& at) const { return !at.facts.two.empty(); }
void Closed::Apply(Facts& facts, const Entry& entry) const { facts.closed = entry.sequence; }

}  // namespace exhibit::custody
