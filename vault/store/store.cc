#include "vault/store/store.h"

#include "vault/base/format.h"
#include "vault/store/names.h"

namespace exhibit::store {
namespace {

Result<Bytes> ReadPart(const ReadableStore& store, const SealedPlace& place, ByteRange range, std::string_view what) {
  auto bytes = store.ReadSealed(place, range);
  if (!bytes) return Fail(std::move(bytes).error().In(what));
  return bytes;
}

}  // namespace

Result<Bytes> ReadableStore::ReadHeader(tlog::Sequence sequence) const {
  const std::string what = NameOf(sequence) + ": header";
  TRY(const SealedPlace place, FindPlace(sequence));
  const bool was_copied_without = place.header_bytes == 0;
  if (was_copied_without || place.header == SealedPlace::Header::kDestroyed) return Fail(WasDestroyed(what));
  return ReadPart(*this, place, {0, place.header_bytes}, what);
}

Result<Bytes> ReadableStore::ReadRewrapped(tlog::Sequence sequence, tlog::Sequence under) const {
  TRY(const SealedPlace place, FindPlace(sequence, under));
  return ReadPart(*this, place, {0, place.header_bytes}, NameOfPlace(sequence, under));
}

Result<Bytes> ReadableStore::ReadLayout(tlog::Sequence sequence) const {
  TRY(const SealedPlace place, FindPlace(sequence));
  return ToBytes(ViewOf(place.layout));
}

Result<Bytes> ReadableStore::ReadPayload(tlog::Sequence sequence, ByteRange range) const {
  const std::string what = NameOf(sequence) + ": payload";
  TRY(const SealedPlace place, FindPlace(sequence));
  if (range.offset > place.payload_bytes || range.bytes > place.payload_bytes - range.offset) {
    return Fail(ErrorCode::kTampered, Format("{} has {} bytes, and ends too early", what, place.payload_bytes));
  }
  return ReadPart(*this, place, {place.header_bytes + range.offset, range.bytes}, what);
}

Result<Bytes> ReadableStore::ReadBlockHashes(tlog::Sequence sequence) const {
  TRY(const SealedPlace place, FindPlace(sequence));
  return ReadPart(*this, place, {place.header_bytes + place.payload_bytes, place.hashes_bytes},
                  NameOf(sequence) + ": block hashes");
}

Result<void> CheckFollows(const AppendBatch& batch, tlog::TreeSize count) {
  std::uint64_t next = count.value;
  for (const AppendBatch::Entry& entry : batch.entries) {
    if (entry.sequence.value < next) {
      return Fail(ErrorCode::kExists, NameOf(entry.sequence) + " is in the store already: another writer was here");
    }
    if (entry.sequence.value > next) {
      return Fail(ErrorCode::kInvalid,
                  Format("{} would leave a gap: the store has {} entries", NameOf(entry.sequence), next));
    }
    ++next;
  }
  EXHIBIT_ASSERT(batch.entries.empty() || !batch.entries.back().bytes.empty());
  return {};
}

}  // namespace exhibit::store
