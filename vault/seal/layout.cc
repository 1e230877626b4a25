#include "vault/seal/layout.h"

#include <algorithm>
#include <string>

#include "vault/base/format.h"

namespace exhibit::seal {
namespace {

constexpr std::uint64_t kNonceBytes = PayloadNonce::kSize;

}  // namespace

PayloadLayout::PayloadLayout(std::uint64_t payload_bytes, std::uint64_t tail_bytes)
    : payload_bytes_(payload_bytes),
      tail_bytes_(tail_bytes),
      content_blocks_((payload_bytes - kNonceBytes - tail_bytes + kBlockBytes - 1) / kBlockBytes) {}

Result<PayloadLayout> PayloadLayout::Create(std::uint64_t payload_bytes, std::uint64_t tail_bytes) {
  const auto refuse = [&](std::string_view why) {
    return Fail(ErrorCode::kInvalid,
                Format("payload of {} bytes with a tail of {}: {}", payload_bytes, tail_bytes, why));
  };
  if (payload_bytes > kMaxPayloadBytes || tail_bytes > kMaxTailBytes) return refuse("too large");
  if (payload_bytes < kNonceBytes || payload_bytes - kNonceBytes < tail_bytes) return refuse("too small");
  const std::uint64_t last_chunk = tail_bytes % kSealedChunkBytes;
  if (tail_bytes == 0 || (last_chunk > 0 && last_chunk <= crypto::kAeadTagSize)) {
    return refuse("the last chunk is empty or cut off");
  }
  if ((payload_bytes - kNonceBytes - tail_bytes) % kSealedChunkBytes != 0) {
    return refuse("the tail does not begin with a chunk");
  }
  return PayloadLayout(payload_bytes, tail_bytes);
}

PayloadLayout PayloadLayout::For(std::uint64_t content_bytes, std::uint64_t metadata_bytes) {
  EXHIBIT_ASSERT(metadata_bytes > 0);
  const std::uint64_t before_tail = content_bytes / kChunkBytes;  // whole chunks
  const std::uint64_t tail = SealedSize(content_bytes + metadata_bytes - before_tail * kChunkBytes);
  const auto layout = Create(kNonceBytes + before_tail * kSealedChunkBytes + tail, tail);
  EXHIBIT_ASSERT(layout.has_value());
  return *layout;
}

std::uint64_t PayloadLayout::plaintext_bytes() const {
  const std::uint64_t sealed = payload_bytes_ - kNonceBytes;
  const std::uint64_t chunks = (sealed + kSealedChunkBytes - 1) / kSealedChunkBytes;
  return sealed - chunks * crypto::kAeadTagSize;
}

PayloadLayout::Block PayloadLayout::block(std::uint64_t index) const {
  EXHIBIT_ASSERT(index < block_count());
  if (index == 0) return {0, kNonceBytes, 0, RunEnd::kMoreFollow};
  if (index == tail_block()) {
    const std::uint64_t offset = payload_bytes_ - tail_bytes_;
    return {offset, tail_bytes_, (offset - kNonceBytes) / kSealedChunkBytes, RunEnd::kFinal};
  }
  const std::uint64_t offset = kNonceBytes + (index - 1) * kBlockBytes;
  return {offset, std::min(kBlockBytes, payload_bytes_ - tail_bytes_ - offset), (index - 1) * kChunksInBlock,
          RunEnd::kMoreFollow};
}

}  // namespace exhibit::seal
