// How long a plaintext is made. What a disk shows of an item is a size, and who has the stolen documents finds 96 of 100
// of them by their exact sizes. Padmé (Nikitin and others, PETS 2019) makes classes of sizes: it keeps the first bits of
// a length, more of them for longer ones. Above 4 KiB it costs at most 6.3 %, from 64 KiB on 3.2 %, from 4 GiB on 1.6 %.
//
//   padded(L) = 4,096 where L is at most 4,096; else with e = floor(log2 L) and s = floor(log2 e) + 1 the smallest
//               multiple of 2^(e - s) that is not below L
//
// The zeros are in padding frames of at most 2^30 bytes, at least one; the frames' headers and rows in the seek table
// lengthen the plaintext too. With m padding frames and no zeros it has
//
//   B(m) = C + 8m + F + 8 + 8(k + m + 1) + 9 bytes
//
// where C is the length of the k content frames and F that of the fields frame. m is the smallest number from 1 on that
// holds the zeros: padded(B(m)) - B(m) <= m(2^30 - 8).
#pragma once

#include <cstdint>

#include "vault/seal/plaintext.h"

namespace exhibit::seal {

// REQUIRES: length <= 2^62.
std::uint64_t PaddedLength(std::uint64_t length);

// What is to be padded.
struct UnpaddedPlaintext {
  std::uint64_t content_bytes = 0;  // of all content frames
  std::uint64_t content_frames = 0;
  std::uint64_t fields_frame_bytes = 0;
};

struct PaddingPlan {
  std::uint64_t frames = 0;
  std::uint64_t zeros = 0;
  std::uint64_t plaintext_bytes = 0;  // of the whole

  // The zeros in the padding frame `index`: each takes as many as are left and fit.
  std::uint64_t ZerosIn(std::uint64_t index) const;
  // All padding frames, their headers too.
  std::uint64_t bytes() const { return zeros + frames * kSkippableHeaderBytes; }
};
// REQUIRES: lengths whose sum is below 2^60.
PaddingPlan PlanPadding(const UnpaddedPlaintext& plaintext);

}  // namespace exhibit::seal
