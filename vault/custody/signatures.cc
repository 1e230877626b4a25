#include "vault/custody/signatures.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/custody/actor.h"
#include "vault/tlog/note.h"

namespace exhibit::custody {
namespace {

std::string Count(std::size_t count) { return count == 1 ? "one" : std::to_string(count); }

}  // namespace

Result<void> CheckExactSignatures(ByteView bytes, std::span<const tlog::VerifierKey> keys) {
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
  const auto& lines = note.signatures();
  if (lines.size() != keys.size()) {
    return Fail(ErrorCode::kTampered, Format("carries {} signatures instead of {}", lines.size(), Count(keys.size())));
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto verified = tlog::VerifyNote(note, keys.subspan(i, 1));
    if (!verified) {
      return Fail(ErrorCode::kTampered, "signature by " + ActorOf(keys[i]).text() + ": " + verified.error().message);
    }
    if (lines[i].name != keys[i].name() || lines[i].id != keys[i].id()) {
      return Fail(ErrorCode::kTampered,
                  Format("signature by {}: not in its place, which is line {}", ActorOf(keys[i]).text(), i + 1));
    }
  }
  return {};
}

}  // namespace exhibit::custody
