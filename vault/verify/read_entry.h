// An entry of a log, parsed, and known to be at the position where it was read.
//
// Whoever may put bytes in the place of others can move an entry: one that was signed for another position parses as well
// as any. Who reads an entry to act on what it says reads it here. (The check of a whole log reports what it finds, and
// goes on: verify/entry_batch.h.)
#pragma once

#include <optional>

#include "vault/custody/entry.h"
#include "vault/verify/source.h"

namespace exhibit::verify {

// kTampered if the source does not have it (lost_entries.h), other errors of the source as they are; "entry 42: …" and
// kInvalid or kUnsupported if it cannot be parsed, kTampered if it says that it is another one. Who signed it is not
// checked. REQUIRES: `at` is in the log.
Result<custody::SignedEntry> ReadEntryAt(const LogSource& source, tlog::Sequence at);

// Likewise, and nothing where it is lost: for who reads one entry after another and can do without one of them.
Result<std::optional<custody::SignedEntry>> ReadEntryIfHere(const LogSource& source, tlog::Sequence at);

// The same of bytes that were read at `at`.
Result<custody::SignedEntry> ParseEntryAt(Bytes bytes, tlog::Sequence at);

}  // namespace exhibit::verify
