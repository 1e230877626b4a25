#include "vault/seal/frame_decoder.h"

#define ZSTD_STATIC_LINKING_ONLY  // for ZSTD_decompressContinue
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "vault/base/format.h"

namespace exhibit::seal {

// zstd's working memory, used again: for a small item, making it takes longer than the decompression.
struct FrameDecoder::Decompressor {
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

FrameDecoder::FrameDecoder() : decompressor_(std::make_unique<Decompressor>()) {
  EXHIBIT_ASSERT(decompressor_->zstd != nullptr);
}
FrameDecoder::~FrameDecoder() = default;

Failure FrameDecoder::Wrong(std::string_view rule) const {
  return Fail(ErrorCode::kInvalid, Format("frame {}: {}", number_, rule));
}

void FrameDecoder::Begin(std::uint64_t number, std::uint64_t most) {
  number_ = number;
  most_ = most;
  place_ = Place::kStart;
  wanted_ = kFrameStartBytes;
  pending_.clear();
  filled_ = 0;
  frame_bytes_ = 0;
}

Result<std::size_t> FrameDecoder::Push(ByteView piece) {
  EXHIBIT_ASSERT(!done());
  std::size_t taken = 0;
  while (taken < piece.size() && !done()) {
    const ByteView rest = piece.subspan(taken);
    const std::size_t next = std::min(wanted_ - pending_.size(), rest.size());
    if (next == wanted_) {  // all of it is here: nothing is copied
      TRY_VOID(Take(rest.first(next)));
    } else {
      Append(pending_, rest.first(next));
      if (pending_.size() == wanted_) {
        const Bytes whole = std::exchange(pending_, {});
        TRY_VOID(Take(whole));
      }
    }
    taken += next;
  }
  return taken;
}

Result<void> FrameDecoder::Take(ByteView whole) {
  switch (place_) {
    case Place::kStart: {
      const auto header_bytes = FrameHeaderBytes(whole);
      if (!header_bytes) return Wrong(header_bytes.error().message);
      place_ = Place::kHeader;
      wanted_ = *header_bytes;
      pending_ = ToBytes(whole);
      return {};
    }
    case Place::kHeader: return BeginContent(whole);
    case Place::kBlockHeader: {
      const auto allowed = CheckBlockHeader(whole, frame_);
      return allowed ? Decode(whole) : Result<void>(Wrong(allowed.error().message));
    }
    case Place::kBlock: return Decode(whole);
    case Place::kDone: break;
  }
  InternalError("a frame that is done takes nothing", __FILE__, __LINE__);
}

Result<void> FrameDecoder::BeginContent(ByteView header) {
  auto frame = ParseFrameHeader(header, FrameCapacity(number_));
  if (!frame) return Wrong(frame.error().message);
  if (frame->content_bytes > most_) {
    return Wrong(Format("holds {} bytes, where at most {} are left of the original", frame->content_bytes, most_));
  }
  frame_ = *frame;
  original_.resize(std::max(original_.size(), frame_.content_bytes + 1));
  EXHIBIT_ASSERT(ZSTD_isError(ZSTD_decompressBegin(decompressor_->zstd.get())) == 0);
  TRY_VOID(Decode(header.first(kFrameStartBytes)));
  return Decode(header.subspan(kFrameStartBytes));
}

// Exactly what zstd said that it takes next.
Result<void> FrameDecoder::Decode(ByteView whole) {
  ZSTD_DCtx* const zstd = decompressor_->zstd.get();
  const std::size_t room = frame_.content_bytes + 1 - filled_;
  const std::size_t given = ZSTD_decompressContinue(zstd, original_.data() + filled_, room, whole.data(), whole.size());
  if (ZSTD_isError(given) != 0) return Wrong("damaged: " + std::string(ZSTD_getErrorName(given)));
  if (given > frame_.MaxBlockBytes()) return Wrong("damaged: a block that gives more than its frame allows");
  filled_ += given;
  frame_bytes_ += whole.size();
  if (frame_bytes_ > std::numeric_limits<std::uint32_t>::max()) return Wrong("longer than 4 GiB");
  if (filled_ > frame_.content_bytes) return Wrong("gives more than its content size");
  wanted_ = ZSTD_nextSrcSizeToDecompress(zstd);
  if (wanted_ == 0) {
    if (filled_ != frame_.content_bytes) return Wrong("gives less than its content size");
    place_ = Place::kDone;
  } else {
    place_ = ZSTD_nextInputType(zstd) == ZSTDnit_blockHeader ? Place::kBlockHeader : Place::kBlock;
  }
  return {};
}

SeekRow FrameDecoder::row() const {
  EXHIBIT_ASSERT(done());
  return {static_cast<std::uint32_t>(frame_bytes_), static_cast<std::uint32_t>(filled_)};
}

}  // namespace exhibit::seal
