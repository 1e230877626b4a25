// A proof in one file (C2SP tlog-proof, ".tlog-proof"): this entry has this number in this
// log.
//
//   "c2sp.org/tlog-proof@v1\n"
//   [ "extra " base64 "\n" ]        not authenticated by anything
//   "index " decimal "\n"
//   { base64(hash, 32 bytes) "\n" } from the leaf's sibling up, at most 63
//   "\n"
//   the signed checkpoint
//
// Read strictly: LF only, no leading zeros, canonical base64, no white space, nothing after the end of the
// grammar. A proof that was read is written again as the same bytes.
#pragma once

#include <optional>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/policy.h"
#include "vault/tlog/proof.h"

namespace exhibit::tlog {

struct TlogProof {
  std::optional<Bytes> unauthenticated_extra;
  Sequence index;
  ProofHashes hashes;
  Bytes checkpoint;  // the signed note, byte for byte
};

Bytes EncodeTlogProof(const TlogProof& proof);

// kInvalid naming what is wrong. At most kMaxNoteBytes.
Result<TlogProof> DecodeTlogProof(ByteView bytes);

// Checks the log's signature on the checkpoint, under the log's own name as origin, and the way
// from `entry`, whose hash is computed here, to its root. Returns the checkpoint. Errors as for
// OpenCheckpoint and CheckInclusion, and kTampered for another origin.
Result<Checkpoint> CheckTlogProof(const TlogProof& proof, ByteView entry, const VerifierKey& log_key);

// The same with the logs, witnesses and quorum of a policy. Errors as for Policy::Accept and
// CheckInclusion.
Result<AcceptedCheckpoint> CheckTlogProof(const TlogProof& proof, ByteView entry, const Policy& policy);

}  // namespace exhibit::tlog
