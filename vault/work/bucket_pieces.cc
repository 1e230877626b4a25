#include "vault/work/bucket_pieces.h"

#include <algorithm>

#include "vault/base/format.h"

namespace exhibit::work {
namespace {

constexpr std::size_t kSmallestPiece = 8 << 20;
constexpr std::size_t kLargestPiece = 32 << 20;
constexpr std::uint64_t kPiecesOfOneSize = 256;
constexpr std::size_t kMostOnTheirWay = 32 << 20;  // bytes

}  // namespace

BucketPieces::~BucketPieces() { IgnoreBecause("no statement names what is not finished", WaitFor(0)); }

std::size_t BucketPieces::PieceBytes() const {
  const std::uint64_t doublings = std::min<std::uint64_t>(sent_ / kPiecesOfOneSize, 2);
  return std::min(kSmallestPiece << doublings, kLargestPiece);
}

Result<void> BucketPieces::Write(ByteView bytes) {
  while (!bytes.empty()) {
    if (piece_.size() == PieceBytes()) TRY_VOID(Send(Format("{}.{}", name_, sent_ + 1)));
    // It grows to a known size: growing by doubling would take twice that.
    if (piece_.empty()) piece_.reserve(PieceBytes());
    const ByteView more = bytes.first(std::min(bytes.size(), PieceBytes() - piece_.size()));
    Append(piece_, more);
    bytes = bytes.subspan(more.size());
  }
  return {};
}

Result<void> BucketPieces::Send(std::string name) {
  const std::size_t size = piece_.size();
  TRY_VOID(WaitFor(kMostOnTheirWay - std::min(kMostOnTheirWay, size)));
  bytes_on_their_way_ += size;
  on_their_way_.push_back(
      {size, uploads_.Submit([&bucket = *bucket_, name = std::move(name), bytes = std::exchange(piece_, {})] {
         return bucket.Create(name, bytes);
       })});
  ++sent_;
  return {};
}

Result<void> BucketPieces::Finish() {
  if (!piece_.empty()) TRY_VOID(Send(sent_ == 0 ? name_ : Format("{}.{}", name_, sent_ + 1)));
  return WaitFor(0);
}

Result<void> BucketPieces::WaitFor(std::size_t bytes) {
  Result<void> result;
  while (bytes_on_their_way_ > bytes) {
    auto put = on_their_way_.front().put.get();
    bytes_on_their_way_ -= on_their_way_.front().bytes;
    on_their_way_.pop_front();
    if (!put && result) result = std::move(put);
  }
  return result;
}

}  // namespace exhibit::work
