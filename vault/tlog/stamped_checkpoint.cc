#include "vault/tlog/stamped_checkpoint.h"

namespace exhibit::tlog {
namespace {

// The signature line of that name, of an Ed25519 key, and of `id` where it is known. A line that
// is there twice, byte for byte, counts once.
Result<const NoteSignature*> FindLine(const SignedNote& note, const KeyName& name, const KeyId* id) {
  const NoteSignature* found = nullptr;
  for (const NoteSignature& line : note.signatures()) {
    if (line.name != name || line.bytes.size() != crypto::Ed25519Signature::kSize) continue;
    if (id != nullptr && line.id != *id) continue;
    if (found != nullptr && (found->id != line.id || found->bytes != line.bytes)) {
      return Fail(ErrorCode::kInvalid, "checkpoint: has two signatures in the log's name",
                  "name the log's key, to say which of them is meant");
    }
    found = &line;
  }
  if (found == nullptr) return Fail(ErrorCode::kInvalid, "checkpoint: has no signature in the log's name");
  return found;
}

Result<StampedCheckpoint> Stamped(const SignedNote& note, Checkpoint checkpoint, const KeyName& name, const KeyId* id) {
  TRY(const NoteSignature* const line, FindLine(note, name, id));
  const std::string stamped = std::string(note.text()) + "\n" + SignatureLine(line->name, line->id, line->bytes);
  return StampedCheckpoint{std::move(checkpoint), ToBytes(ViewOf(stamped))};
}

}  // namespace

Result<StampedCheckpoint> FindStamped(ByteView signed_checkpoint) {
  TRY(const SignedNote note, SignedNote::Parse(signed_checkpoint));
  TRY(Checkpoint checkpoint, DecodeCheckpoint(note.text()));
  const KeyName name = checkpoint.origin.as_key_name();
  return Stamped(note, std::move(checkpoint), name, nullptr);
}

Result<StampedCheckpoint> FindStamped(ByteView signed_checkpoint, const VerifierKey& log_key) {
  TRY(Checkpoint checkpoint, OpenCheckpoint(signed_checkpoint, log_key));
  TRY(const SignedNote note, SignedNote::Parse(signed_checkpoint));
  return Stamped(note, std::move(checkpoint), log_key.name(), &log_key.id());
}

}  // namespace exhibit::tlog
