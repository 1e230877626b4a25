#include "vault/verify/read_entry.h"

#include "vault/base/format.h"

namespace exhibit::verify {

Result<custody::SignedEntry> ReadEntryAt(const LogSource& source, tlog::Sequence at) {
  TRY(Bytes bytes, source.ReadEntry(at));
  return ParseEntryAt(std::move(bytes), at);
}

Result<custody::SignedEntry> ParseEntryAt(Bytes bytes, tlog::Sequence at) {
  auto entry = custody::SignedEntry::Parse(std::move(bytes));
  if (!entry) return Fail(std::move(entry).error().In(NameOf(at)));
  const tlog::Sequence said = entry->parsed().sequence;
  if (said != at) return Fail(ErrorCode::kTampered, Format("{}: says that it is {}", NameOf(at), NameOf(said)));
  return entry;
}

}  // namespace exhibit::verify
