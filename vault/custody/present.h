// Who is admitted now: the one answer to whoever is not.
#pragma once

#include "vault/base/error.h"
#include "vault/custody/facts.h"

namespace exhibit::custody {

// kDenied says whether the key was never admitted, or in which entry that ended.
Result<const Membership*> Present(const Facts& facts, const Actor& actor);

}  // namespace exhibit::custody
