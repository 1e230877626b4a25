#include "vault/custody/noted_checkpoint.h"

#include "vault/base/canonical.h"
#include "vault/base/format.h"
#include "vault/tlog/note.h"
#include "vault/tlog/stamped_checkpoint.h"

namespace exhibit::custody {

Result<NotedCheckpoint> NotedCheckpoint::Parse(Bytes bytes) {
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
  TRY(tlog::Checkpoint checkpoint, tlog::DecodeCheckpoint(note.text()));
  if (checkpoint.size.value > kMaxNumber) return Fail(ErrorCode::kInvalid, "checkpoint: its size is beyond 2^53 - 1");
  if (note.signatures().size() == 1) return NotedCheckpoint(std::move(checkpoint), std::move(bytes));
  return Fail(
      ErrorCode::kInvalid,
      Format("checkpoint: has {} signatures; here it has the log's Ed25519 signature alone", note.signatures().size()));
}

Result<NotedCheckpoint> NotedCheckpoint::Of(ByteView signed_checkpoint, const tlog::VerifierKey& log_key) {
  TRY(tlog::StampedCheckpoint alone, tlog::FindStamped(signed_checkpoint, log_key));
  return Parse(std::move(alone.bytes));
}

}  // namespace exhibit::custody
