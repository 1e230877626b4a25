// Makes content frames: zstd frames (RFC 8878) as plaintext.h wants them. The frames are independent, so several threads
// make them side by side.
#pragma once

#include <memory>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/seal/plaintext.h"

namespace exhibit::seal {

// How long a frame of so many bytes may be at the worst.
constexpr std::size_t MaxFrameBytes(std::size_t original_bytes) {
  return original_bytes + original_bytes / 256 + (128 << 10) / 256;
}

// zstd's level, 1 (fast) to 19.
struct CompressionLevel {
  int value = 1;
};

// Keeps zstd's working memory between frames; not for two threads at once.
class FrameCompressor {
 public:
  explicit FrameCompressor(CompressionLevel level);
  ~FrameCompressor();
  FrameCompressor(FrameCompressor&&) noexcept;
  FrameCompressor& operator=(FrameCompressor&&) noexcept;

  // Writes the frame of `original` to the beginning of `room`, and returns that part of it.
  // REQUIRES: at most kLateFrameBytes; room.size() >= MaxFrameBytes(original.size()).
  ByteView Compress(ByteView original, MutableByteView room);

  CompressionLevel level() const { return level_; }

 private:
  struct Context;
  void TuneFor(std::size_t original_bytes);
  std::unique_ptr<Context> context_;
  CompressionLevel level_;
};

// The frame of `original`, made with a compressor and room that this thread keeps. REQUIRES: as Compress.
Bytes CompressFrame(ByteView original, CompressionLevel level);

// A frame at the beginning of a buffer, which is to be used again.
struct FrameInRoom {
  Bytes room;
  std::size_t bytes = 0;
  ByteView view() const { return ByteView(room).first(bytes); }
};
// The same in `room`. REQUIRES: room.size() >= MaxFrameBytes(original.size()).
FrameInRoom CompressFrame(ByteView original, CompressionLevel level, Bytes room);

}  // namespace exhibit::seal
