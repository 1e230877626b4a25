// What a receiver signs about a bundle that was checked (custody/statements/receipt.h), and the fields that say what was
// found. He sends the field lines, and then the note.
#pragma once

#include <cstdint>
#include <vector>

#include "vault/bundle/verifier.h"
#include "vault/custody/person_facts.h"
#include "vault/custody/statements/receipt.h"

namespace exhibit::bundle {

// What the receiver had from elsewhere and compared the bundle with, in this order.
enum class Belief : std::uint8_t { kFingerprint, kPolicy };

struct GivenReceipt {
  custody::FieldList fields;
  custody::SignedReceipt receipt;
};

// Signed by `key` under the name of a receiver of this vault: the origin, "/receiver".
//   kTampered     the bundle does not even say who made it and of which log: there is nothing to sign for
//   kPermission   part of it could not be read
//   kUnsupported  it has more items than a receipt names
Result<GivenReceipt> MakeReceipt(const CheckedBundle& checked, const std::vector<Belief>& believed,
                                 const custody::PersonFacts& received_by, const tlog::SigningKey& key,
                                 custody::EntryTime time);

}  // namespace exhibit::bundle
