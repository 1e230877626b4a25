#include "vault/custody/log_keys.h"

#include <algorithm>

#include "vault/base/canonical.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/base/zeros.h"
#include "vault/custody/actor.h"
#include "vault/custody/signatures.h"
#include "vault/tlog/note.h"

namespace exhibit::custody {
namespace {

Failure Bad(const std::string& message) { return Fail(ErrorCode::kTampered, "checkpoint: " + message); }

Result<void> CheckOrigin(const tlog::Checkpoint& checkpoint, const LogKeyList& keys) {
  if (checkpoint.origin.as_key_name() == keys.ed25519.name()) return {};
  return Bad("it is of another log: " + Printable(checkpoint.origin.text()));
}

// The one line of a name and an id.
Result<const tlog::NoteSignature*> OnlyLine(const tlog::SignedNote& note, const tlog::KeyName& name,
                                            const tlog::KeyId& id) {
  const tlog::NoteSignature* found = nullptr;
  for (const tlog::NoteSignature& line : note.signatures()) {
    if (line.name != name || line.id != id) continue;
    if (found != nullptr) return Bad("has two signatures of " + Printable(name.text()) + "+" + ToHex(id.view()));
    found = &line;
  }
  if (found != nullptr) return found;
  return Bad("is not signed by " + Printable(name.text()) + "+" + ToHex(id.view()) + ", the log's key at this size");
}

// A checkpoint that the Ed25519 key of its size signed, with any further lines.
struct Signed {
  tlog::SignedNote note;
  tlog::Checkpoint checkpoint;
  const LogKeyList& keys;  // of its size
};

Result<Signed> OpenSigned(const LogKeys& log, ByteView bytes) {
  if (bytes.size() > kMaxHeadBytes) return Fail(ErrorCode::kInvalid, "checkpoint: longer than 65,535 bytes");
  TRY(tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
  // Its size is a claim until the signature of the key for that size was checked.
  TRY(tlog::Checkpoint claimed, tlog::DecodeCheckpoint(note.text()));
  if (claimed.size.value > kMaxNumber) return Fail(ErrorCode::kInvalid, "checkpoint: its size is beyond 2^53 - 1");
  const LogKeyList& keys = log.For(claimed.size);
  TRY_VOID(CheckOrigin(claimed, keys));
  TRY(const tlog::NoteSignature* const line, OnlyLine(note, keys.ed25519.name(), keys.ed25519.id()));
  const auto signature = crypto::Ed25519Signature::From(line->bytes);
  if (!signature || !crypto::Ed25519Verify(keys.ed25519.public_key(), ViewOf(note.text()), *signature)) {
    return Bad("the signature of " + Printable(ActorOf(keys.ed25519).text()) + " does not fit the text");
  }
  return Signed{std::move(note), std::move(claimed), keys};
}

enum class Looked : std::uint8_t { kFits, kUnchecked };

// Whether the line is the key's, as far as this program can tell.
Result<Looked> CheckMlDsa(const tlog::MlDsaKey& key, std::string_view text, const tlog::NoteSignature& line) {
  const bool has_form = line.bytes.size() == tlog::MlDsaKey::kLineBytes && IsZero(ByteView(line.bytes).first(8));
  if (!has_form) return Bad("has an ML-DSA-44 signature of another length, or with a time");
  const auto time = key.Check(text, line.bytes);
  if (time) return Looked::kFits;
  if (time.error().code == ErrorCode::kUnsupported) return Looked::kUnchecked;
  return Bad(
      Format("the signature of {}+{} {}", Printable(key.name().text()), ToHex(key.id().view()), time.error().message));
}

}  // namespace

void LogKeys::Replace(tlog::Sequence at, EntryTime time, LogKeyList next) {
  EXHIBIT_ASSERT(at > rows_.back().since);
  rows_.push_back({at, time, std::move(next)});
}

const LogKeyList& LogKeys::For(tlog::TreeSize size) const {
  for (auto row = rows_.rbegin(); row != rows_.rend(); ++row) {
    if (row->since.value < size.value) return row->keys;
  }
  return rows_.front().keys;
}

bool LogKeys::Knows(ByteView public_key) const {
  return std::ranges::any_of(rows_, [&](const Row& row) {
    return Equal(row.keys.ed25519.public_key().view(), public_key) ||
           (row.keys.ml_dsa && Equal(row.keys.ml_dsa->public_key(), public_key));
  });
}

Result<void> LogKeys::Check(const NotedCheckpoint& noted) const {
  const LogKeyList& keys = For(noted.checkpoint().size);
  TRY_VOID(CheckOrigin(noted.checkpoint(), keys));
  auto signed_so = CheckExactSignatures(noted.note(), {&keys.ed25519, 1});
  if (!signed_so) {
    return Fail(std::move(signed_so).error().In(Format("checkpoint of size {}", noted.checkpoint().size.value)));
  }
  return {};
}

Result<NotedCheckpoint> LogKeys::Noted(ByteView bytes) const {
  TRY(const Signed opened, OpenSigned(*this, bytes));
  return NotedCheckpoint::Of(bytes, opened.keys.ed25519);
}

Result<LogKeys::Head> LogKeys::Open(ByteView bytes) const {
  TRY(const Signed opened, OpenSigned(*this, bytes));
  Head head{opened.checkpoint, {}};
  if (const auto& ml_dsa = opened.keys.ml_dsa) {
    TRY(const tlog::NoteSignature* const line, OnlyLine(opened.note, ml_dsa->name(), ml_dsa->id()));
    TRY(const Looked looked, CheckMlDsa(*ml_dsa, opened.note.text(), *line));
    if (looked == Looked::kUnchecked)
      head.unchecked.push_back(std::string(ml_dsa->name().text()) + "+" + ToHex(ml_dsa->id().view()));
  }
  return head;
}

}  // namespace exhibit::custody
