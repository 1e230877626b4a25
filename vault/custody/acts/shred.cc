#include "vault/custody/acts/shred.h"

#include "vault/base/format.h"
#include "vault/custody/judging.h"

namespace exhibit::custody {

bool Shred::NeedsTwo(const Judging& at) const { return at.facts.two.Has(Ruled::kShred); }

Result<void> Shred::Check(const Judging& at) const {
  TRY_VOID(CheckNotShredded(at.facts, items));
  const auto held = at.facts.holds->counts.FindHeld(items);
  if (!held) return {};
  const std::uint64_t count = at.facts.holds->counts.At(*held);
  return Refused(Format("item {} is held ({})", *held, Counted(count, "hold", "holds")), "exhibit release ends a hold");
}

void Shred::Apply(Facts& facts, const Entry& /*entry*/) const { facts.shredded.Change().Add(items); }

}  // namespace exhibit::custody
