#include "vault/verify/read_entry.h"

#include "vault/base/format.h"
#include "vault/verify/lost_entries.h"

namespace exhibit::verify {

Result<std::optional<custody::SignedEntry>> ReadEntryIfHere(const LogSource& source, tlog::Sequence at) {
  auto bytes = source.ReadEntry(at);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) return std::optional<custody::SignedEntry>();
  if (!bytes) return Fail(std::move(bytes).error());
  TRY(custody::SignedEntry entry, ParseEntryAt(std::move(*bytes), at));
  return std::optional(std::move(entry));
}

Result<custody::SignedEntry> ReadEntryAt(const LogSource& source, tlog::Sequence at) {
  TRY(std::optional<custody::SignedEntry> entry, ReadEntryIfHere(source, at));
  if (!entry) return Fail(LostEntry(at));
  return std::move(*entry);
}

Result<custody::SignedEntry> ParseEntryAt(Bytes bytes, tlog::Sequence at) {
  auto entry = custody::SignedEntry::Parse(std::move(bytes));
  if (!entry) return Fail(std::move(entry).error().In(NameOf(at)));
  const tlog::Sequence said = entry->parsed().sequence;
  if (said != at) return Fail(ErrorCode::kTampered, Format("{}: says that it is {}", NameOf(at), NameOf(said)));
  return entry;
}

}  // namespace exhibit::verify
