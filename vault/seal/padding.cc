#include "vault/seal/padding.h"

#include <algorithm>
#include <bit>

#include "vault/base/error.h"
#include "vault/seal/seek_table.h"

namespace exhibit::seal {
namespace {

constexpr std::uint64_t kMaxZerosInFrame = kMaxPaddingFrameBytes - kSkippableHeaderBytes;
constexpr std::uint64_t kMaxSum = std::uint64_t{1} << 60;

}  // namespace

std::uint64_t PaddedLength(std::uint64_t length) {
  EXHIBIT_ASSERT(length <= std::uint64_t{1} << 62);
  if (length <= kMinPlaintextBytes) return kMinPlaintextBytes;
  const auto exponent = static_cast<std::uint64_t>(std::bit_width(length)) - 1;
  const auto kept = static_cast<std::uint64_t>(std::bit_width(exponent));
  const std::uint64_t unit = std::uint64_t{1} << (exponent - kept);
  return (length + unit - 1) & ~(unit - 1);
}

std::uint64_t PaddingPlan::ZerosIn(std::uint64_t index) const {
  EXHIBIT_ASSERT(index < frames);
  const std::uint64_t before = index * kMaxZerosInFrame;
  return before >= zeros ? 0 : std::min(zeros - before, kMaxZerosInFrame);
}

PaddingPlan PlanPadding(const UnpaddedPlaintext& plaintext) {
  EXHIBIT_ASSERT(plaintext.content_bytes < kMaxSum && plaintext.fields_frame_bytes < kMaxSum &&
                 plaintext.content_frames < kMaxSum / kSeekRowBytes);
  for (std::uint64_t frames = 1;; ++frames) {
    const std::uint64_t bare = plaintext.content_bytes + frames * kSkippableHeaderBytes + plaintext.fields_frame_bytes +
                               SeekTableBytes(plaintext.content_frames + frames + 1);
    const std::uint64_t padded = PaddedLength(bare);
    if (padded - bare <= frames * kMaxZerosInFrame) return {frames, padded - bare, padded};
  }
}

}  // namespace exhibit::seal
