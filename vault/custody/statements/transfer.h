// What one custodian hands over and another takes, signed by both before it enters any log. What it is, and why, are
// fields: `items`, `leaves`, `purpose`, `authority` and more. In transit it is a file of its field lines, then the note.
//
//   {"v":1,"statement":"transfer","origin":…,"fingerprint":…,"released_by":…,"received_by":…,"time":…,"fields":…}
//
// The first signature is the releaser's; the second, where it was accepted, the receiver's.
#pragma once

#include <span>
#include <tuple>

#include "vault/custody/forms.h"
#include "vault/custody/signed_text.h"
#include "vault/tlog/merkle.h"

namespace exhibit::custody {

struct TransferStatement {
  static constexpr std::string_view kName = "transfer";
  static constexpr std::size_t kMaxBytes = 8'192;

  tlog::Origin origin;
  Fingerprint fingerprint;
  Actor released_by;
  Actor received_by;
  EntryTime time;
  FieldsDigest fields;
  static constexpr auto kMembers = std::tuple(
      Member{"origin", &TransferStatement::origin}, Member{"fingerprint", &TransferStatement::fingerprint},
      Member{"released_by", &TransferStatement::released_by}, Member{"received_by", &TransferStatement::received_by},
      Member{"time", &TransferStatement::time}, Member{"fields", &TransferStatement::fields});
};
using SignedTransfer = SignedText<TransferStatement>;

// What the field `leaves` says of these leaf hashes, in ascending order of their items.
tlog::RootHash RootOfLeaves(std::span<const tlog::LeafHash> leaves);

}  // namespace exhibit::custody
