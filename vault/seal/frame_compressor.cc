#include "vault/seal/frame_compressor.h"

#include <zstd.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace exhibit::seal {

struct FrameCompressor::Context {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  std::unique_ptr<ZSTD_CCtx, Free> zstd{ZSTD_createCCtx()};
};

namespace {

void Set(ZSTD_CCtx* context, ZSTD_cParameter parameter, int value) {
  EXHIBIT_ASSERT(ZSTD_isError(ZSTD_CCtx_setParameter(context, parameter, value)) == 0);
}

}  // namespace

FrameCompressor::FrameCompressor(CompressionLevel level) : context_(std::make_unique<Context>()), level_(level) {
  ZSTD_CCtx* const zstd = context_->zstd.get();
  EXHIBIT_ASSERT(zstd != nullptr);
  Set(zstd, ZSTD_c_compressionLevel, level.value);
  Set(zstd, ZSTD_c_checksumFlag, 0);
}
FrameCompressor::~FrameCompressor() = default;
FrameCompressor::FrameCompressor(FrameCompressor&&) noexcept = default;
FrameCompressor& FrameCompressor::operator=(FrameCompressor&&) noexcept = default;

// Level 1 on a whole frame: longer matches and fewer places to look for them than zstd's own choice took 11, 15 and 0 % less
// time on a server's log, source text and dpkg's log, for 0.9 % fewer bytes, and 4 and 0.8 % more. Of 12 KB it took 6 %
// more time, so less than a frame is left to zstd.
void FrameCompressor::TuneFor(std::size_t original_bytes) {
  constexpr int kZstdDecides = 0;
  const bool is_tuned = level_.value == 1 && original_bytes == kEarlyFrameBytes;
  ZSTD_CCtx* const zstd = context_->zstd.get();
  Set(zstd, ZSTD_c_minMatch, is_tuned ? 7 : kZstdDecides);
  Set(zstd, ZSTD_c_hashLog, is_tuned ? 13 : kZstdDecides);
  Set(zstd, ZSTD_c_windowLog, is_tuned ? 20 : kZstdDecides);
}

ByteView FrameCompressor::Compress(ByteView original, MutableByteView room) {
  EXHIBIT_ASSERT(original.size() <= kLateFrameBytes && room.size() >= MaxFrameBytes(original.size()));
  EXHIBIT_ASSERT(MaxFrameBytes(original.size()) >= ZSTD_compressBound(original.size()));
  TuneFor(original.size());
  const std::size_t size =
      ZSTD_compress2(context_->zstd.get(), room.data(), room.size(), original.data(), original.size());
  EXHIBIT_ASSERT(ZSTD_isError(size) == 0);
  return room.first(size);
}

namespace {

// zstd's working memory is worth keeping.
FrameCompressor& CompressorOfThisThread(CompressionLevel level) {
  thread_local std::optional<FrameCompressor> kept;
  if (!kept || kept->level().value != level.value) kept.emplace(level);
  return *kept;
}

}  // namespace

// And so is the room that a frame may need, of which it mostly takes a part.
Bytes CompressFrame(ByteView original, CompressionLevel level) {
  thread_local Bytes room;
  room.resize(std::max(room.size(), MaxFrameBytes(original.size())));
  return ToBytes(CompressorOfThisThread(level).Compress(original, room));
}

FrameInRoom CompressFrame(ByteView original, CompressionLevel level, Bytes room) {
  const std::size_t bytes = CompressorOfThisThread(level).Compress(original, room).size();
  return {std::move(room), bytes};
}

}  // namespace exhibit::seal
