// The bytes that a trusted timestamp of a log covers: a checkpoint with the log's own signature, and no more.
//
//   stamped = checkpoint text "\n" the log's signature line
//
// The signature is stamped with the text, so that the stamp also proves when the log's key signed it.
// Cosignatures are not stamped: witnesses add theirs before and after the stamp, and it must hold for every
// copy of the checkpoint, whatever lines the copy has.
#pragma once

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/note.h"

namespace exhibit::tlog {

struct StampedCheckpoint {
  Checkpoint checkpoint;
  Bytes bytes;  // to be hashed with SHA-256
};

// Of a signed checkpoint with any further lines. The log's line is the one that carries the origin's
// name and an Ed25519 signature; it is not verified. kInvalid if the note or the checkpoint is
// malformed, or if it does not have exactly one such line.
Result<StampedCheckpoint> FindStamped(ByteView signed_checkpoint);

// The same with the log's key: uses and verifies the line of that key. Errors as for
// OpenCheckpoint.
Result<StampedCheckpoint> FindStamped(ByteView signed_checkpoint, const VerifierKey& log_key);

}  // namespace exhibit::tlog
