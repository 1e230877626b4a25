#include "vault/store/object_stage.h"

#include <algorithm>
#include <utility>

namespace exhibit::store {
ObjectStage::ObjectStage(const VaultObjects& objects, Pool& uploads, Told told)
    : SealedStage(Comparing::kInSyncFiles), objects_(objects), told_(std::move(told)), packs_(uploads) {}

Result<void> ObjectStage::BeginFile(ByteView header) {
  place_ = {};
  place_.header_bytes = header.size();
  return Write(headers_, header);
}

Result<void> ObjectStage::PutBytes(ByteView bytes) {
  place_.payload_bytes += bytes.size();
  return Write(payloads_, bytes);
}

Result<SealedPlace> ObjectStage::EndFile(std::span<const tlog::LeafHash> hashes, std::string_view layout) {
  Bytes all;
  for (const tlog::LeafHash& hash : hashes) Append(all, hash.view());
  place_.hashes_bytes = all.size();
  place_.layout = layout;
  TRY_VOID(Write(headers_, all));
  return std::exchange(place_, {});
}

Result<void> ObjectStage::Write(Filling& pack, ByteView bytes) {
  while (!bytes.empty()) {
    if (pack.bytes.size() >= packs_.NextBytes()) TRY_VOID(Send(pack));
    if (pack.bytes.empty()) {
      pack.id = NewPackId();
      pack.bytes = packs_.NewBuffer();
    }
    const ByteView piece = bytes.first(std::min(bytes.size(), packs_.NextBytes() - pack.bytes.size()));
    Extent* const last = place_.extents.empty() ? nullptr : &place_.extents.back();
    if (last != nullptr && last->pack == pack.id && last->offset + last->bytes == pack.bytes.size()) {
      last->bytes += piece.size();
    } else {
      place_.extents.push_back({pack.id, pack.bytes.size(), piece.size()});
    }
    Append(pack.bytes, piece);
    bytes = bytes.subspan(piece.size());
  }
  return {};
}

Result<void> ObjectStage::Send(Filling& pack) {
  if (pack.bytes.empty()) return {};
  return packs_.Send(std::exchange(pack.bytes, {}),
                     [this, kind = pack.kind, id = pack.id](ByteView bytes) -> Result<void> {
                       TRY(const NamedObject object, objects_.PutPack(kind, id, bytes));
                       told_(object);
                       return {};
                     });
}

Result<void> ObjectStage::SyncFiles() {
  TRY_VOID(Send(payloads_));
  TRY_VOID(Send(headers_));
  return packs_.Wait();
}

Result<void> ObjectStage::ReadBack(const SealedPlace& /*place*/, std::uint64_t /*offset*/,
                                   MutableByteView /*into*/) const {
  InternalError("a stage of objects compares what it puts itself", __FILE__, __LINE__);
}

}  // namespace exhibit::store
