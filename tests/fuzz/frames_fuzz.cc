// The plaintext of a sealed file: the same comes out whatever the size of its pieces, never more than a frame at a
// time, and the metadata is found from the end, too. What is taken, zstd itself takes, however it is fed.
#include <zstd.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "vault/base/error.h"
#include "vault/seal/frames.h"

namespace {

using namespace exhibit;

constexpr std::size_t kEnough = 4 << 20;  // a few bytes can state a frame of 1 MiB

struct Outcome {
  std::optional<std::string> json;
  Bytes original;
};

Outcome Decode(ByteView plaintext, std::size_t piece) {
  Outcome outcome;
  seal::ContentDecoder decoder(kEnough, [&](ByteView bytes) -> Result<void> {
    EXHIBIT_ASSERT(!bytes.empty() && bytes.size() <= seal::kFrameBytes);
    Append(outcome.original, bytes);
    if (outcome.original.size() <= kEnough) return {};
    return Fail(ErrorCode::kInterrupted, "enough");
  });
  Result<void> status;
  while (status && !plaintext.empty()) {
    const ByteView next = plaintext.first(std::min(piece, plaintext.size()));
    status = decoder.Push(next);
    plaintext = plaintext.subspan(next.size());
  }
  if (!status) return outcome;
  auto json = decoder.Finish();
  if (json) outcome.json = std::move(*json);
  EXHIBIT_ASSERT(decoder.original_bytes() == outcome.original.size());
  return outcome;
}

// As `zstd -d` does, reading pieces of this size.
std::optional<Bytes> DecodeByZstd(ByteView plaintext, std::size_t piece) {
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  const std::unique_ptr<ZSTD_DCtx, Free> zstd(ZSTD_createDCtx());
  Bytes original;
  Bytes room(ZSTD_DStreamOutSize());
  std::size_t status = 0;
  while (!plaintext.empty()) {
    ZSTD_inBuffer in{plaintext.data(), std::min(piece, plaintext.size()), 0};
    plaintext = plaintext.subspan(in.size);
    for (bool more = true; more;) {
      ZSTD_outBuffer out{room.data(), room.size(), 0};
      status = ZSTD_decompressStream(zstd.get(), &out, &in);
      if (ZSTD_isError(status) != 0) return std::nullopt;
      Append(original, ByteView(room).first(out.pos));
      more = in.pos < in.size || out.pos == out.size;
    }
  }
  return status == 0 ? std::optional(original) : std::nullopt;
}

void Check(ByteView plaintext, std::size_t piece) {
  const Outcome whole = Decode(plaintext, SIZE_MAX);
  for (const std::size_t size : {piece, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{5}}) {
    const Outcome pieces = Decode(plaintext, size);
    EXHIBIT_ASSERT(whole.json == pieces.json && whole.original == pieces.original);
  }
  const auto found = seal::FindMetadata(plaintext);
  EXHIBIT_ASSERT(!whole.json || (found && *found == *whole.json));
  if (!whole.json) return;
  for (const std::size_t size : {piece, std::size_t{1}, plaintext.size()}) {
    const auto theirs = DecodeByZstd(plaintext, size);
    EXHIBIT_ASSERT(theirs && *theirs == whole.original);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView input(data + 1, size - 1);
  const std::size_t piece = 1 + data[0];
  Check(input, piece);
  // Behind the input a metadata frame, so that what stands before it is reached as well.
  Bytes with_metadata = ToBytes(input);
  Append(with_metadata, seal::EncodeMetadataFrame("{}"));
  Check(with_metadata, piece);
  // The input as an original.
  static Bytes room(seal::kMaxFrameBytes);
  Bytes plaintext = ToBytes(seal::FrameCompressor(seal::CompressionLevel{}).Compress(input, room));
  Append(plaintext, seal::EncodeMetadataFrame("{}"));
  const Outcome outcome = Decode(plaintext, piece);
  EXHIBIT_ASSERT(outcome.json == "{}" && Equal(outcome.original, input));
  return 0;
}
