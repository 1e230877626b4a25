// Goal: a frame depends on its content and level alone. Method: frames of compressors with another past.
#include "vault/seal/frame_compressor.h"

#include "tests/seal/example_bytes.h"
#include "tests/support/catch.h"

namespace exhibit::seal {
namespace {

using testing::LogLikeBytes;
using testing::RandomBytes;

Bytes FrameBy(FrameCompressor& compressor, ByteView original) {
  Bytes room(MaxFrameBytes(original.size()));
  return ToBytes(compressor.Compress(original, room));
}

TEST_CASE("a frame is the same whatever was compressed before it", "[seal]") {
  FrameCompressor used(CompressionLevel{});
  FrameBy(used, RandomBytes(100'000, 1));
  CHECK(FrameBy(used, LogLikeBytes(100'000)) == CompressFrame(LogLikeBytes(100'000), {}));
}

TEST_CASE("a higher level gives another, smaller frame", "[seal]") {
  const Bytes original = LogLikeBytes(300'000);
  CHECK(CompressFrame(original, {19}).size() < CompressFrame(original, {1}).size());
}

TEST_CASE("what cannot be compressed fits into the room that is asked for", "[seal]") {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{100'000}, kEarlyFrameBytes, kLateFrameBytes}) {
    CHECK(CompressFrame(RandomBytes(size, 7), {}).size() <= MaxFrameBytes(size));
  }
}

}  // namespace
}  // namespace exhibit::seal
