// What a receiver signs about a bundle that was checked (custody/receipt.h).
#pragma once

#include <vector>

#include "vault/bundle/verifier.h"
#include "vault/custody/receipt.h"

namespace exhibit::bundle {

// By the key `receiver`, at this time.
//   kTampered     the bundle does not even say who made it and of which log: there is nothing to sign for
//   kPermission   part of it could not be read
//   kUnsupported  it has more items than a receipt names
Result<custody::Receipt> MakeReceipt(const CheckedBundle& checked, std::vector<custody::Receipt::Belief> believed,
                                     const tlog::VerifierKey& receiver, Moment time);

}  // namespace exhibit::bundle
