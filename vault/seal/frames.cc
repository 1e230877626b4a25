#include "vault/seal/frames.h"

#define ZSTD_STATIC_LINKING_ONLY  // for ZSTD_decompressContinue
#include <zstd.h>

#include <algorithm>
#include <utility>

#include "vault/base/format.h"

namespace exhibit::seal {
namespace {

constexpr std::uint32_t kMetadataMagic = 0x184D2A50;
constexpr std::string_view kFooter = "EXHM";
constexpr std::uint32_t kSkippableMagics = 0x184D2A50 >> 4;  // sixteen of them
constexpr std::size_t kMagicBytes = 4;
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

ContentDecoder::ContentDecoder(std::uint64_t most_bytes, Sink sink)
    : most_bytes_(most_bytes),
      sink_(std::move(sink)),
      decompressor_(std::make_unique<Decompressor>()),
      wanted_(kMagicBytes) {
  EXHIBIT_ASSERT(decompressor_->zstd != nullptr);
}
ContentDecoder::~ContentDecoder() = default;

Failure ContentDecoder::Wrong(std::string_view rule) const {
  return Fail(ErrorCode::kInvalid, Format("frame {}: {}", frame_count_, rule));
}

Result<void> ContentDecoder::Push(ByteView piece) {
  while (!piece.empty()) {
    if (place_ == Place::kMetadata) return PushMetadata(piece);
    const std::size_t next = std::min(wanted_ - pending_.size(), piece.size());
    if (next == wanted_) {  // all of it is here: nothing is copied
      TRY_VOID(Take(piece.first(next)));
    } else {
      exhibit::Append(pending_, piece.first(next));
      if (pending_.size() == wanted_) {
        const Bytes whole = std::exchange(pending_, {});
        TRY_VOID(Take(whole));
      }
    }
    piece = piece.subspan(next);
  }
  return {};
}

Result<void> ContentDecoder::PushMetadata(ByteView piece) {
  if (pending_.size() + piece.size() > kMaxMetadataBytes + kMetadataFrameOverhead) {
    return Wrong("something follows the metadata frame");
  }
  exhibit::Append(pending_, piece);
  return {};
}

Result<void> ContentDecoder::Take(ByteView whole) {
  switch (place_) {
    case Place::kMagic: return TakeMagic(whole);
    case Place::kStart: {
      const auto header_bytes = FrameHeaderBytes(whole);
      if (!header_bytes) return Wrong(header_bytes.error().message);
      Expect(Place::kHeader, *header_bytes, whole);
      return {};
    }
    case Place::kHeader: return BeginFrame(whole);
    case Place::kBlockHeader: {
      const auto allowed = CheckBlockHeader(whole, frame_);
      return allowed ? Decode(whole) : Result<void>(Wrong(allowed.error().message));
    }
    case Place::kBlock: return Decode(whole);
    case Place::kMetadata: break;
  }
  InternalError("the metadata is not taken in parts", __FILE__, __LINE__);
}

// The bytes that were just taken begin the next part.
void ContentDecoder::Expect(Place place, std::size_t bytes, ByteView begun) {
  place_ = place;
  wanted_ = bytes;
  pending_ = ToBytes(begun);
}

Result<void> ContentDecoder::TakeMagic(ByteView magic) {
  const bool is_metadata = GetU32(magic) == kMetadataMagic;
  if (!is_metadata && GetU32(magic) >> 4 == kSkippableMagics)
    return Wrong("a skippable frame that is not the metadata");
  if (is_metadata) {
    Expect(Place::kMetadata, 0, magic);
  } else {
    Expect(Place::kStart, kFrameStartBytes, magic);
  }
  return {};
}

Result<void> ContentDecoder::BeginFrame(ByteView header) {
  auto frame = ParseFrameHeader(header);
  if (!frame) return Wrong(frame.error().message);
  if (short_frame_seen_) return Wrong("follows a frame of less than 1 MiB");
  if (frame->content_bytes == 0 && frame_count_ > 0) return Wrong("empty, after others");
  if (frame->content_bytes > most_bytes_ - original_bytes_) {
    return Wrong(Format("the content goes beyond the {} bytes that its metadata says", most_bytes_));
  }
  short_frame_seen_ = frame->content_bytes < kFrameBytes;
  frame_ = *frame;
  original_.resize(std::max(original_.size(), frame_.content_bytes + 1));
  filled_ = 0;
  EXHIBIT_ASSERT(ZSTD_isError(ZSTD_decompressBegin(decompressor_->zstd.get())) == 0);
  TRY_VOID(Decode(header.first(kFrameStartBytes)));
  return Decode(header.subspan(kFrameStartBytes));
}

// Exactly what zstd said that it takes next.
Result<void> ContentDecoder::Decode(ByteView whole) {
  ZSTD_DCtx* const zstd = decompressor_->zstd.get();
  const std::size_t room = frame_.content_bytes + 1 - filled_;
  const std::size_t given = ZSTD_decompressContinue(zstd, original_.data() + filled_, room, whole.data(), whole.size());
  if (ZSTD_isError(given) != 0) return Wrong("damaged: " + std::string(ZSTD_getErrorName(given)));
  filled_ += given;
  content_bytes_ += whole.size();
  if (filled_ > frame_.content_bytes) return Wrong("gives more than its content size");
  wanted_ = ZSTD_nextSrcSizeToDecompress(zstd);
  place_ = ZSTD_nextInputType(zstd) == ZSTDnit_blockHeader ? Place::kBlockHeader : Place::kBlock;
  return wanted_ == 0 ? EndFrame() : Result<void>();
}

Result<void> ContentDecoder::EndFrame() {
  if (filled_ != frame_.content_bytes) return Wrong("gives less than its content size");
  place_ = Place::kMagic;
  wanted_ = kMagicBytes;
  ++frame_count_;
  original_bytes_ += filled_;
  return filled_ == 0 ? Result<void>() : sink_(ByteView(original_).first(filled_));
}

Result<std::string> ContentDecoder::Finish() {
  if (place_ != Place::kMetadata || frame_count_ == 0) return Wrong("the plaintext ends before its metadata");
  TRY(std::string json, FindMetadata(pending_));
  if (json.size() + kMetadataFrameOverhead != pending_.size()) return Wrong("something follows the metadata frame");
  return json;
}

}  // namespace exhibit::seal
