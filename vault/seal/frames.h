// The plaintext of a sealed file: zstd frames (RFC 8878), then the metadata in a skippable frame.
//
//   plaintext      = *frame metadata-frame
//   frame          = a zstd frame of exactly 1 MiB of the original, the last of them of 1 byte to
//                    1 MiB; content size written, no dictionary, no checksum (the age chunks
//                    authenticate). An empty original has one frame of 0 bytes.
//   metadata-frame = magic 0x184D2A50 u32 || size u32 || JSON || length of the JSON u32 || "EXHM"
//
// (integers of zstd are little-endian). `age -d | zstd -d` passes over the last frame and gives the
// original back. The metadata comes last because digests are known at the end; the footer behind the
// JSON lets a reader who decrypted only the tail find its beginning.
//
// Frames are independent, so they are made by several threads, and a reader's memory is bounded by
// one frame whatever the file says.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit::seal {

inline constexpr std::size_t kFrameBytes = 1 << 20;  // of the original
inline constexpr std::size_t kMaxFrameBytes = kFrameBytes + kFrameBytes / 256;  // compressed, at the worst
inline constexpr std::size_t kMaxMetadataBytes = 1 << 20;
inline constexpr std::size_t kMetadataFrameOverhead = 16;

// zstd's level, 1 (fast) to 19.
struct CompressionLevel {
  int value = 1;
};

// Makes frames. Keeps zstd's working memory between them; not for two threads at once.
class FrameCompressor {
 public:
  explicit FrameCompressor(CompressionLevel level);
  ~FrameCompressor();
  FrameCompressor(FrameCompressor&&) noexcept;
  FrameCompressor& operator=(FrameCompressor&&) noexcept;

  // Writes the frame of `original` to the beginning of `room`, and returns that part of it.
  // REQUIRES: at most kFrameBytes; room.size() >= kMaxFrameBytes.
  ByteView Compress(ByteView original, MutableByteView room);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// REQUIRES: json.size() <= kMaxMetadataBytes.
Bytes EncodeMetadataFrame(std::string_view json);

// The JSON of the metadata frame that ends `tail`, the end of a plaintext. kInvalid if there is none.
Result<std::string> FindMetadata(ByteView tail);

// Takes a plaintext in order, in pieces of any size, and hands the original to a sink.
class ContentDecoder {
 public:
  // Gets at most kFrameBytes at a time, in order. An error that it returns ends the decoding.
  using Sink = std::function<Result<void>(ByteView)>;

  explicit ContentDecoder(Sink sink);
  ~ContentDecoder();
  ContentDecoder(const ContentDecoder&) = delete;
  ContentDecoder& operator=(const ContentDecoder&) = delete;

  // kInvalid naming the frame and the rule that it breaks.
  Result<void> Push(ByteView plaintext);

  // The metadata's JSON. kInvalid if the plaintext ended before its metadata frame did.
  Result<std::string> Finish();

  std::uint64_t original_bytes() const { return original_bytes_; }

 private:
  struct Decompressor;
  Result<void> BeginFrame();
  Result<void> DecodeFrame(ByteView& piece);
  Result<void> EndFrame();
  Failure Wrong(std::string_view rule) const;

  Sink sink_;
  std::unique_ptr<Decompressor> decompressor_;
  enum class Place : std::uint8_t { kBetweenFrames, kInFrame, kInMetadata } place_ = Place::kBetweenFrames;
  Bytes pending_;  // the beginning of a frame, until its header is whole; all of the metadata frame
  Bytes original_;  // one byte more than a frame says it gives, so that a frame that gives more is seen
  std::size_t filled_ = 0;
  std::uint64_t frame_content_ = 0;  // of the current frame, as its header says
  std::uint64_t frame_count_ = 0;
  std::uint64_t original_bytes_ = 0;
  bool short_frame_seen_ = false;
};

}  // namespace exhibit::seal
