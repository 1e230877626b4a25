// The fields of each type of entry, after those that all have, in this order. Those in [brackets]
// may be missing; "items" is a set such as "1-3,7" (item_set.h).
//
//   genesis    "recipient": the age recipient that every item is sealed to
//              "log":       the vkey that signs this vault's checkpoints
//              "custodian": CUSTODIAN
//   item       SEALED
//   omission   "count": how many inputs were not taken in; SEALED, a list of them
//   custodian  "act":"admit",  "custodian": CUSTODIAN
//              "act":"retire", "key": an actor, "reason"
//              "act":"rotate", "key": the new vkey, which signs after the actor
//   transfer   "outcome": "accepted", "refused" or "abandoned"; "statement": a signed note as text
//   access     "act": "read" or "export", "items", "purpose", ["recipients": [text, …], of an export]
//   note       "items"; SEALED, what it says
//   hold       "items", "authority", "reason"
//   release    "items", "authority", "reason"
//   shred      "item": number, "authority", "reason"
//   rule       "two": the types that need two custodians: of "custodian" (to admit), "release", "shred"
//   timestamp  "checkpoint": a checkpoint with the log's own signature line and no other, as text; or
//              "renews": the number of an earlier timestamp; "token": the token's DER, base64
//   recovery   "lost": a signed checkpoint as text; "reason"
//   log-key    "log": the vkey that signs the checkpoints from here on; signed after the actor by the
//              log key until here and by this one
//   receipt    "receipt": a signed note as text (receipt.h)
//   case       SEALED, when what happened (case_facts.h)
//
//   CUSTODIAN  {"name": what a person reads, "key": vkey, "roles": [words], ["organisation"], ["contact"]}
//   SEALED     "header":  SHA-256 of the age header, hex: with the header's MAC this commits to the file
//                         key, so one ciphertext cannot be opened as two pieces of evidence
//              "payload": {"bytes": size, "tail": size of the last block, "root": RFC 6962 root over the
//                         payload's blocks, hex}
#pragma once

#include "vault/custody/body.h"
#include "vault/custody/json_fields.h"

namespace exhibit::custody {

void PutBody(Json& json, const EntryBody& body);

// kInvalid naming the field and the rule. An unknown field is found when the body is written again and compared.
Result<EntryBody> ReadBody(EntryType type, const Fields& fields);

}  // namespace exhibit::custody
