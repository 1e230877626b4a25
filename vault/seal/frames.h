// The plaintext of a sealed file: zstd frames (RFC 8878), then the metadata in a skippable frame.
//
//   plaintext      = *frame metadata-frame
//   frame          = a zstd frame of exactly 1 MiB of the original, the last of them of 1 byte to
//                    1 MiB; content size written, no dictionary, no checksum (the age chunks
//                    authenticate). An empty original has one frame of 0 bytes.
//   metadata-frame = magic 0x184D2A50 u32 || size u32 || JSON || length of the JSON u32 || "EXHM"
//
// (integers of zstd are little-endian). `age -d | zstd -d` passes over the last frame and gives the
// original back. The metadata comes last because digests are known at the end. The footer after the
// JSON lets a reader who decrypted only the tail find the beginning of the metadata.
//
// Frames are independent, so several threads make them, and a reader needs memory for one frame
// whatever the file says.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/seal/frame_header.h"

namespace exhibit::seal {

inline constexpr std::size_t kFrameBytes = 1 << 20;                             // of the original
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

// Takes a plaintext in order, in pieces of any size, and hands the original to a sink. zstd gets each header and
// block whole, after frame_header.h checked them, so the result does not depend on how the plaintext was cut.
class ContentDecoder {
 public:
  // Gets at most kFrameBytes at a time, in order. An error that it returns ends the decoding.
  using Sink = std::function<Result<void>(ByteView)>;

  // Refuses an original of more than `most_bytes` before it is unpacked: a few bytes can unpack to a gigabyte. The
  // metadata says how many there are; it ends the plaintext and can be read first (FindMetadata).
  ContentDecoder(std::uint64_t most_bytes, Sink sink);
  ~ContentDecoder();
  ContentDecoder(const ContentDecoder&) = delete;
  ContentDecoder& operator=(const ContentDecoder&) = delete;

  // kInvalid naming the frame and the rule that it breaks.
  Result<void> Push(ByteView plaintext);

  // The metadata's JSON. kInvalid if the plaintext ended before its metadata frame did.
  Result<std::string> Finish();

  std::uint64_t original_bytes() const { return original_bytes_; }
  // Of the frames, before the metadata's.
  std::uint64_t content_bytes() const { return content_bytes_; }

 private:
  struct Decompressor;
  enum class Place : std::uint8_t { kMagic, kStart, kHeader, kBlockHeader, kBlock, kMetadata };
  Result<void> PushMetadata(ByteView piece);
  Result<void> Take(ByteView whole);
  void Expect(Place place, std::size_t bytes, ByteView begun);
  Result<void> TakeMagic(ByteView magic);
  Result<void> BeginFrame(ByteView header);
  Result<void> Decode(ByteView whole);
  Result<void> EndFrame();
  Failure Wrong(std::string_view rule) const;

  std::uint64_t most_bytes_;
  Sink sink_;
  std::unique_ptr<Decompressor> decompressor_;
  // `pending_` holds the beginning of this.
  Place place_ = Place::kMagic;
  std::size_t wanted_;
  Bytes pending_;
  FrameHeader frame_;
  Bytes original_;  // one byte more than a frame says it holds, so that a frame that holds more is found
  std::size_t filled_ = 0;
  std::uint64_t frame_count_ = 0;
  std::uint64_t original_bytes_ = 0;
  std::uint64_t content_bytes_ = 0;
  bool short_frame_seen_ = false;
};

}  // namespace exhibit::seal
