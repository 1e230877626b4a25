#include "vault/custody/noted_checkpoint.h"

#include "vault/tlog/note.h"
#include "vault/tlog/stamped_checkpoint.h"

namespace exhibit::custody {

Result<NotedCheckpoint> NotedCheckpoint::Parse(Bytes bytes) {
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
  TRY(tlog::Checkpoint checkpoint, tlog::DecodeCheckpoint(note.text()));
  return NotedCheckpoint(std::move(checkpoint), std::move(bytes));
}

Result<NotedCheckpoint> NotedCheckpoint::ParseWithLogSignatureOnly(Bytes bytes) {
  TRY(NotedCheckpoint noted, Parse(std::move(bytes)));
  TRY(const tlog::StampedCheckpoint stamped, tlog::FindStamped(noted.note()));
  if (Equal(stamped.bytes, noted.note())) return noted;
  return Fail(ErrorCode::kInvalid, "\"checkpoint\" has other signatures than the log's, which are not stamped");
}

}  // namespace exhibit::custody
