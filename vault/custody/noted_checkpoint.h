// A signed checkpoint inside an entry or a statement. This does not check its signature; the rules do,
// because they know the log's keys (facts.h).
#pragma once

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/tlog/checkpoint.h"

namespace exhibit::custody {

class NotedCheckpoint {
 public:
  // kInvalid if it is no signed checkpoint.
  static Result<NotedCheckpoint> Parse(Bytes note);
  // kInvalid if it has another signature than one in the log's name, too.
  static Result<NotedCheckpoint> ParseWithLogSignatureOnly(Bytes note);
  const tlog::Checkpoint& checkpoint() const { return checkpoint_; }
  ByteView note() const { return note_; }

 private:
  NotedCheckpoint(tlog::Checkpoint checkpoint, Bytes note)
      : checkpoint_(std::move(checkpoint)), note_(std::move(note)) {}
  tlog::Checkpoint checkpoint_;
  Bytes note_;
};

}  // namespace exhibit::custody
