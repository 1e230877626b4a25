#include "vault/verify/entry_batch.h"

#include <algorithm>

#include "vault/custody/signatures.h"
#include "vault/verify/report.h"

namespace exhibit::verify {
namespace {

// Large enough to keep all threads busy, small enough for memory. Entries are read one by one: the look-ups are
// 2 to 3 % of the time of a check of the log, measured with perf, so reading several at once would gain nothing.
constexpr std::uint64_t kBatchEntries = 512;  // of some 2.5 KB each; three batches are on their way

}  // namespace

ReadEntry ReadOne(const Source& source, tlog::Sequence sequence) {
  ReadEntry read;
  Result<Bytes> bytes = source.ReadEntry(sequence);
  if (!bytes) {
    read.undecided = IsUnread(bytes.error().code);
    read.lost = bytes.error().code == ErrorCode::kNotFound;
    read.problem = bytes.error().message;
    return read;
  }
  read.present = true;
  read.leaf = tlog::HashLeaf(*bytes);
  auto entry = custody::SignedEntry::Parse(std::move(*bytes));
  if (entry) {
    read.entry.emplace(std::move(*entry));
  } else {
    read.problem = entry.error().message;
    read.needs_newer = entry.error().code == ErrorCode::kUnsupported;
  }
  return read;
}

Error ErrorOf(const ReadEntry& read) {
  return {read.undecided ? ErrorCode::kIo : ErrorCode::kTampered, read.problem, {}};
}

std::unique_ptr<EntryBatch> EntryBatch::StartReading(const Source& source, Pool& pool, std::uint64_t first,
                                                     std::uint64_t size) {
  if (first >= size) return nullptr;
  auto batch = std::make_unique<EntryBatch>();
  batch->first = first;
  batch->entries.resize(static_cast<std::size_t>(std::min(kBatchEntries, size - first)));
  batch->work = pool.Start(batch->entries.size(), [&source, first, entries = batch->entries.data()](std::size_t i) {
    entries[i] = ReadOne(source, {first + i});
  });
  return batch;
}

void EntryBatch::StartSignatures(Pool& pool) {
  work = pool.Start(entries.size(), [all = entries.data()](std::size_t i) {
    ReadEntry& read = all[i];
    if (!read.entry || !read.signers) return;
    const auto signature = custody::CheckSignatures(*read.entry, *read.signers);
    if (!signature) read.signature_problem = signature.error().message;
  });
}

}  // namespace exhibit::verify
