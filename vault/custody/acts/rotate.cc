#include "vault/custody/acts/rotate.h"

#include "vault/custody/judging.h"

namespace exhibit::custody {

Result<void> Rotate::Check(const Judging& at) const {
  if (new_key.name().text() != at.entry.actor.name()) {
    return Refused("the new key has another name than the one before it: " + Printable(new_key.name().text()));
  }
  return CheckNewKey(at.facts, new_key);
}

void Rotate::Apply(Facts& facts, const Entry& entry) const { facts.Replace(entry.actor, new_key, entry.sequence); }

}  // namespace exhibit::custody
