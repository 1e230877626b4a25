// Commits of a vault on an object store: what is read is written again to the same bytes.
#include "vault/store/commit_object.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const ByteView commit(data, size);
  const auto parsed = store::ParseCommit(commit);
  if (!parsed) return 0;
  std::vector<store::AppendBatch::Entry> entries;
  std::uint64_t at = parsed->entries_at;
  for (const std::uint64_t bytes : parsed->record.entry_bytes) {
    entries.push_back({{}, commit.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(bytes))});
    at += bytes;
  }
  const auto again = store::EncodeCommit(parsed->record, entries);
  EXHIBIT_ASSERT(again && Equal(*again, commit));
  return 0;
}
