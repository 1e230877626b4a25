#include "vault/verify/read_entry.h"

namespace exhibit::verify {

Result<custody::SignedEntry> ReadEntryAt(const LogSource& source, tlog::Sequence at) {
  TRY(Bytes bytes, source.ReadEntry(at));
  return ParseEntryAt(std::move(bytes), at);
}

Result<custody::SignedEntry> ParseEntryAt(Bytes bytes, tlog::Sequence at) {
  auto entry = custody::SignedEntry::Parse(std::move(bytes));
  if (!entry) return Fail(std::move(entry).error().In(NameOf(at)));
  const tlog::Sequence said = entry->parsed().sequence;
  if (said != at) return Fail(ErrorCode::kTampered, NameOf(at) + ": says that it is " + NameOf(said));
  return entry;
}

}  // namespace exhibit::verify
