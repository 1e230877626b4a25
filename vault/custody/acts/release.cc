#include "vault/custody/acts/release.h"

#include "vault/base/format.h"
#include "vault/custody/judging.h"

namespace exhibit::custody {

bool Release::NeedsTwo(const Judging& at) const { return at.facts.two.Has(Ruled::kRelease); }

Result<void> Release::Check(const Judging& at) const {
  if (hold >= at.entry.sequence) return Refused(NameOf(hold) + " is not an earlier one, and no hold to release");
  const auto held = at.facts.holds->held.find(hold);
  if (held == at.facts.holds->held.end()) {
    // A bundle may not tell it.
    return at.facts.told->Has(hold.value) ? Refused(NameOf(hold) + " is no hold") : Result<void>();
  }
  const auto missing = held->second.FindMissing(items);
  if (!missing) return {};
  return Refused(Format("item {} is not held, or no more, by the hold of {}", *missing, NameOf(hold)),
                 Format("exhibit show {} names the holds of an item", *missing));
}

void Release::Apply(Facts& facts, const Entry& /*entry*/) const {
  if (!facts.holds->held.contains(hold)) return;  // it is not told
  Holds& holds = facts.holds.Change();
  holds.held.at(hold).Remove(items);
  holds.counts.Remove(items);
}

}  // namespace exhibit::custody
