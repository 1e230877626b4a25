// A checkpoint inside an entry or a statement: the three lines with the signature of the log's Ed25519 key alone, as text.
// This does not check the signature; the rules do, because they know the log's keys (log_keys.h).
#pragma once

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {

class NotedCheckpoint {
 public:
  // kInvalid if it is no checkpoint with exactly one signature line.
  static Result<NotedCheckpoint> Parse(Bytes note);
  // Of a checkpoint with any further lines: of an ML-DSA key, of witnesses. Errors as of tlog::OpenCheckpoint.
  static Result<NotedCheckpoint> Of(ByteView signed_checkpoint, const tlog::VerifierKey& log_key);
  const tlog::Checkpoint& checkpoint() const { return checkpoint_; }
  ByteView note() const { return note_; }
  bool operator==(const NotedCheckpoint&) const = default;

 private:
  NotedCheckpoint(tlog::Checkpoint checkpoint, Bytes note)
      : checkpoint_(std::move(checkpoint)), note_(std::move(note)) {}
  tlog::Checkpoint checkpoint_;
  Bytes note_;
};

}  // namespace exhibit::custody
