#include "vault/seal/frames.h"

#define ZSTD_STATIC_LINKING_ONLY  // for ZSTD_getFrameHeader
#include <zstd.h>

#include <algorithm>
#include <cstring>

namespace exhibit::seal {
namespace {

constexpr std::uint32_t kMetadataMagic = 0x184D2A50;
constexpr std::string_view kFooter = "EXHM";
constexpr std::size_t kFrameHeaderMax = 18;  // RFC 8878 section 3.1.1: magic and header
constexpr std::size_t kSkippableHeader = 8;

void AppendU32(Bytes& target, std::size_t value) {
  for (int shift = 0; shift < 32; shift += 8) target.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint32_t GetU32(ByteView bytes) {
  return static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8 |
         static_cast<std::uint32_t>(bytes[2]) << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
}

}  // namespace

struct FrameCompressor::Context {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  std::unique_ptr<ZSTD_CCtx, Free> zstd{ZSTD_createCCtx()};
};

FrameCompressor::FrameCompressor(CompressionLevel level) : context_(std::make_unique<Context>()) {
  ZSTD_CCtx* const zstd = context_->zstd.get();
  EXHIBIT_ASSERT(zstd != nullptr);
  EXHIBIT_ASSERT(ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, level.value)) == 0);
  EXHIBIT_ASSERT(ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 0)) == 0);
}
FrameCompressor::~FrameCompressor() = default;
FrameCompressor::FrameCompressor(FrameCompressor&&) noexcept = default;
FrameCompressor& FrameCompressor::operator=(FrameCompressor&&) noexcept = default;

ByteView FrameCompressor::Compress(ByteView original, MutableByteView room) {
  static_assert(kMaxFrameBytes >= ZSTD_COMPRESSBOUND(kFrameBytes));
  EXHIBIT_ASSERT(original.size() <= kFrameBytes && room.size() >= kMaxFrameBytes);
  const std::size_t size =
      ZSTD_compress2(context_->zstd.get(), room.data(), room.size(), original.data(), original.size());
  EXHIBIT_ASSERT(ZSTD_isError(size) == 0);
  return room.first(size);
}

Bytes EncodeMetadataFrame(std::string_view json) {
  EXHIBIT_ASSERT(json.size() <= kMaxMetadataBytes);
  Bytes frame;
  AppendU32(frame, kMetadataMagic);
  AppendU32(frame, json.size() + 4 + kFooter.size());
  exhibit::Append(frame, ViewOf(json));
  AppendU32(frame, json.size());
  exhibit::Append(frame, ViewOf(kFooter));
  return frame;
}

Result<std::string> FindMetadata(ByteView tail) {
  const Failure none = Fail(ErrorCode::kInvalid, "no metadata frame at the end");
  if (tail.size() < kMetadataFrameOverhead || TextOf(tail.last(kFooter.size())) != kFooter) return none;
  const std::size_t size = GetU32(tail.last(kFooter.size() + 4));
  if (size > kMaxMetadataBytes || size + kMetadataFrameOverhead > tail.size()) return none;
  const ByteView frame = tail.last(size + kMetadataFrameOverhead);
  if (GetU32(frame) != kMetadataMagic || GetU32(frame.subspan(4)) != size + 8) return none;
  return ToText(frame.subspan(kSkippableHeader, size));
}

// zstd's working memory, used again: for a small item, making it takes longer than the decompression.
struct ContentDecoder::Decompressor {
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  using Context = std::unique_ptr<ZSTD_DCtx, Free>;

  Decompressor() {
    if (!Spare()) Spare().reset(ZSTD_createDCtx());
    zstd = std::move(Spare());
  }
  ~Decompressor() { Spare() = std::move(zstd); }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  static Context& Spare() {
    thread_local Context spare;
    return spare;
  }
  Context zstd;
};

ContentDecoder::ContentDecoder(Sink sink)
    : sink_(std::move(sink)), decompressor_(std::make_unique<Decompressor>()) {
  EXHIBIT_ASSERT(decompressor_->zstd != nullptr);
}
ContentDecoder::~ContentDecoder() = default;

Failure ContentDecoder::Wrong(std::string_view rule) const {
  return Fail(ErrorCode::kInvalid, "frame " + std::to_string(frame_count_) + ": " + std::string(rule));
}

Result<void> ContentDecoder::Push(ByteView piece) {
  while (!piece.empty()) {
    if (place_ == Place::kInFrame) {
      TRY_VOID(DecodeFrame(piece));
      continue;
    }
    if (place_ == Place::kInMetadata) {
      if (pending_.size() + piece.size() > kMaxMetadataBytes + kMetadataFrameOverhead) {
        return Wrong("something follows the metadata frame");
      }
      exhibit::Append(pending_, piece);
      return {};
    }
    const std::size_t wanted = std::min(kFrameHeaderMax - pending_.size(), piece.size());
    exhibit::Append(pending_, piece.first(wanted));
    piece = piece.subspan(wanted);
    // A frame can be shorter than the longest header: begin as soon as the header is whole.
    TRY_VOID(BeginFrame());
  }
  return {};
}

// Looks at the header in pending_; does nothing if it is not whole yet.
Result<void> ContentDecoder::BeginFrame() {
  if (pending_.size() >= 4 && GetU32(pending_) == kMetadataMagic) {
    place_ = Place::kInMetadata;
    return {};
  }
  ZSTD_frameHeader header;
  const std::size_t status = ZSTD_getFrameHeader(&header, pending_.data(), pending_.size());
  if (ZSTD_isError(status) != 0) return Wrong("not a zstd frame");
  if (status > 0) return pending_.size() < kFrameHeaderMax ? Result<void>() : Wrong("not a zstd frame");
  if (header.frameType != ZSTD_frame) return Wrong("a skippable frame that is not the metadata");
  if (header.frameContentSize > kFrameBytes) return Wrong("its content is larger than 1 MiB, or of unknown size");
  if (header.dictID != 0) return Wrong("asks for a dictionary");
  if (header.checksumFlag != 0) return Wrong("has a checksum");
  if (header.windowSize > kFrameBytes) return Wrong("its window is larger than 1 MiB");
  if (short_frame_seen_) return Wrong("follows a frame of less than 1 MiB");
  short_frame_seen_ = header.frameContentSize < kFrameBytes;
  if (header.frameContentSize == 0 && frame_count_ > 0) return Wrong("empty, behind others");
  frame_content_ = header.frameContentSize;
  original_.resize(std::max(original_.size(), static_cast<std::size_t>(frame_content_) + 1));
  filled_ = 0;
  EXHIBIT_ASSERT(ZSTD_isError(ZSTD_DCtx_reset(decompressor_->zstd.get(), ZSTD_reset_session_only)) == 0);
  place_ = Place::kInFrame;
  const Bytes begun = std::move(pending_);
  pending_.clear();
  return Push(begun);  // at most 18 bytes, so one level deep for each frame that fits in them
}

Result<void> ContentDecoder::DecodeFrame(ByteView& piece) {
  ZSTD_inBuffer input{piece.data(), piece.size(), 0};
  ZSTD_outBuffer output{original_.data(), static_cast<std::size_t>(frame_content_) + 1, filled_};
  const std::size_t status = ZSTD_decompressStream(decompressor_->zstd.get(), &output, &input);
  filled_ = output.pos;
  if (ZSTD_isError(status) != 0) return Wrong("damaged: " + std::string(ZSTD_getErrorName(status)));
  if (filled_ > frame_content_) return Wrong("gives more than its content size");
  piece = piece.subspan(input.pos);
  return status == 0 ? EndFrame() : Result<void>();
}

Result<void> ContentDecoder::EndFrame() {
  if (filled_ != frame_content_) return Wrong("gives less than its content size");
  place_ = Place::kBetweenFrames;
  ++frame_count_;
  original_bytes_ += filled_;
  return filled_ == 0 ? Result<void>() : sink_(ByteView(original_).first(filled_));
}

Result<std::string> ContentDecoder::Finish() {
  if (place_ != Place::kInMetadata || frame_count_ == 0) return Wrong("the plaintext ends before its metadata");
  TRY(std::string json, FindMetadata(pending_));
  if (json.size() + kMetadataFrameOverhead != pending_.size()) return Wrong("something follows the metadata frame");
  return json;
}

}  // namespace exhibit::seal
