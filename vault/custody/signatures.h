// The signatures of a note, exactly as many as there must be and in their order.
#pragma once

#include <span>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {

// kTampered, naming key and rule, unless the note carries these keys' signatures over its text, in this
// order, and no other; of no keys, always. REQUIRES: the keys differ.
Result<void> CheckExactSignatures(ByteView note, std::span<const tlog::VerifierKey> keys);

}  // namespace exhibit::custody
