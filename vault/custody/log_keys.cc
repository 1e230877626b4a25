#include "vault/custody/log_keys.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/signatures.h"

namespace exhibit::custody {

void LogKeys::Rotate(tlog::Sequence at, tlog::VerifierKey next) {
  EXHIBIT_ASSERT(at > keys_.back().since);
  keys_.push_back({at, std::move(next)});
}

const tlog::VerifierKey& LogKeys::For(tlog::TreeSize size) const {
  for (auto row = keys_.rbegin(); row != keys_.rend(); ++row) {
    if (row->since.value < size.value) return row->key;
  }
  return keys_.front().key;
}

std::optional<tlog::Sequence> LogKeys::ReplacedIn(tlog::TreeSize size) const {
  for (const Row& row : keys_) {
    if (row.since.value >= size.value && row.since.value > 0) return row.since;
  }
  return std::nullopt;
}

bool LogKeys::Knows(const tlog::VerifierKey& key) const {
  return std::ranges::any_of(keys_, [&](const Row& row) { return row.key.public_key() == key.public_key(); });
}

Result<tlog::Checkpoint> LogKeys::Open(ByteView bytes) const {
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
  // Its size is a claim until the signature of the key for that size was checked.
  TRY(const tlog::Checkpoint claimed, tlog::DecodeCheckpoint(note.text()));
  const tlog::VerifierKey& key = For(claimed.size);
  auto opened = tlog::OpenCheckpoint(bytes, key);
  if (!opened) {
    if (keys_.size() == 1) return opened;
    return Fail(
        std::move(opened).error().In(Format("size {} is for key {} to sign", claimed.size, Printable(ActorOf(key)))));
  }
  if (opened->origin.text() != key.name().text()) {
    return Fail(ErrorCode::kTampered, "it is of another origin: " + Printable(opened->origin.text()));
  }
  return opened;
}

}  // namespace exhibit::custody
