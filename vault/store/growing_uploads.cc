#include "vault/store/growing_uploads.h"

#include <algorithm>
#include <utility>

namespace exhibit::store {
namespace {

constexpr std::size_t kSmallest = 8 << 20;
constexpr std::size_t kLargest = 32 << 20;
constexpr std::uint64_t kOfOneSize = 256;
constexpr std::size_t kMostOnTheirWay = 32 << 20;  // bytes

}  // namespace

GrowingUploads::~GrowingUploads() { IgnoreBecause("who did not wait does not rely on them", Wait()); }

std::size_t GrowingUploads::NextBytes() const {
  const std::uint64_t doublings = std::min<std::uint64_t>(count_ / kOfOneSize, 2);
  return std::min(kSmallest << doublings, kLargest);
}

Bytes GrowingUploads::NewBuffer() {
  Bytes buffer = spare_.Take(0);
  buffer.reserve(NextBytes());
  return buffer;
}

Result<void> GrowingUploads::Send(Bytes bytes, Put put) {
  const std::size_t size = bytes.size();
  TRY_VOID(WaitFor(kMostOnTheirWay - std::min(kMostOnTheirWay, size)));
  bytes_on_their_way_ += size;
  on_their_way_.push_back(
      {size, uploads_.Submit([&spare = spare_, put = std::move(put), bytes = std::move(bytes)]() mutable {
         auto done = put(bytes);
         spare.Give(std::move(bytes));
         return done;
       })});
  ++count_;
  return {};
}

Result<void> GrowingUploads::WaitFor(std::size_t bytes) {
  Result<void> result;
  while (bytes_on_their_way_ > bytes) {
    auto put = on_their_way_.front().put.get();
    bytes_on_their_way_ -= on_their_way_.front().bytes;
    on_their_way_.pop_front();
    if (!put && result) result = std::move(put);
  }
  return result;
}

}  // namespace exhibit::store
