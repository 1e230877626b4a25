#include "vault/store/object_stage.h"

#include <algorithm>
#include <utility>

namespace exhibit::store {
namespace {

constexpr std::size_t kSmallestPack = 8 << 20;
constexpr std::size_t kLargestPack = 32 << 20;
constexpr std::uint64_t kPacksOfOneSize = 256;
constexpr std::size_t kMostOnTheirWay = 32 << 20;  // bytes

}  // namespace

ObjectStage::ObjectStage(const VaultObjects& objects, Pool& uploads, Told told)
    : SealedStage(Comparing::kInSyncFiles), objects_(objects), uploads_(uploads), told_(std::move(told)) {}

ObjectStage::~ObjectStage() { IgnoreBecause("no commit names what is not synced", WaitFor(0)); }

std::size_t ObjectStage::PackBytes() const {
  const std::uint64_t doublings = std::min<std::uint64_t>(sent_ / kPacksOfOneSize, 2);
  return std::min(kSmallestPack << doublings, kLargestPack);
}

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
    if (pack.bytes.size() >= PackBytes()) TRY_VOID(Send(pack));
    if (pack.bytes.empty()) {
      pack.id = NewPackId();
      pack.bytes = spare_.Take(0);
      pack.bytes.reserve(PackBytes());  // one that grows would take twice its room
    }
    const ByteView piece = bytes.first(std::min(bytes.size(), PackBytes() - pack.bytes.size()));
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
  const std::size_t size = pack.bytes.size();
  TRY_VOID(WaitFor(kMostOnTheirWay - std::min(kMostOnTheirWay, size)));
  bytes_on_their_way_ += size;
  on_their_way_.push_back({size, uploads_.Submit([&objects = objects_, &spare = spare_, kind = pack.kind, id = pack.id,
                                                  bytes = std::exchange(pack.bytes, {})]() mutable {
                             auto put = objects.PutPack(kind, id, bytes);
                             spare.Give(std::move(bytes));
                             return put;
                           })});
  ++sent_;
  return {};
}

Result<void> ObjectStage::WaitFor(std::size_t bytes) {
  Result<void> result;
  while (bytes_on_their_way_ > bytes) {
    auto put = on_their_way_.front().put.get();
    bytes_on_their_way_ -= on_their_way_.front().bytes;
    on_their_way_.pop_front();
    if (put) {
      told_(*put);
    } else if (result) {
      result = Fail(std::move(put).error());
    }
  }
  return result;
}

Result<void> ObjectStage::SyncFiles() {
  TRY_VOID(Send(payloads_));
  TRY_VOID(Send(headers_));
  return WaitFor(0);
}

Result<void> ObjectStage::ReadBack(const SealedPlace& /*place*/, std::uint64_t /*offset*/,
                                   MutableByteView /*into*/) const {
  InternalError("a stage of objects compares what it puts itself", __FILE__, __LINE__);
}

}  // namespace exhibit::store
