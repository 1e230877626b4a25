// The header of a zstd frame and those of its blocks (RFC 8878, 3.1.1). We read them before zstd does: how zstd treats a
// few of their forms depends on its version, and on how the bytes were cut when it got them.
//
//   frame   magic 28 b5 2f fd || descriptor || [window descriptor] || content size, 1, 2, 4 or 8 bytes
//   block   u24: last block (bit 0), type (bits 1 and 2), size (bits 3 and up)
//
// A content frame says its content's size; has no checksum, no dictionary (not even the id 0) and no bit that is
// reserved or unused. Content and window are at most what a frame at its place may hold (FrameCapacity), and the window
// holds the content or 128 KiB of it. A block stores and gives no more than the window, or 128 KiB if that is less;
// a compressed one stores something.
#pragma once

#include <cstddef>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit::seal {

inline constexpr std::size_t kFrameStartBytes = 5;  // magic and descriptor: how long the header is
inline constexpr std::size_t kBlockHeaderBytes = 3;

struct FrameHeader {
  std::size_t content_bytes = 0;
  std::size_t window_bytes = 0;
  // The most that a block of it may store, and may unpack to.
  std::size_t MaxBlockBytes() const;
};

// kInvalid naming the rule that is broken.
// REQUIRES: kFrameStartBytes.
Result<std::size_t> FrameHeaderBytes(ByteView start);
// `capacity` is what a frame at this place may hold.
// REQUIRES: as many bytes as FrameHeaderBytes returned for their beginning.
Result<FrameHeader> ParseFrameHeader(ByteView header, std::size_t capacity);
// How much a compressed block unpacks to, only zstd can tell. REQUIRES: kBlockHeaderBytes.
Result<void> CheckBlockHeader(ByteView header, const FrameHeader& frame);

}  // namespace exhibit::seal
