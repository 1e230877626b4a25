// Goal: the plaintext of a sealed file has one form, and a hostile one costs no more than a frame
// of memory. Method: round trips in pieces of odd sizes; and for every rule a plaintext, made with
// zstd or by hand (RFC 8878), that breaks that rule only. interop_test.cc has the zstd command read
// ours.
#include "vault/seal/frames.h"

#include <zstd.h>

#include <array>
#include <memory>

#include "tests/seal/example_bytes.h"
#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::seal {
namespace {

using testing::Hex;
using testing::LogLikeBytes;
using testing::RandomBytes;
using testing::Unwrap;

constexpr std::string_view kJson = R"({"v":1})";
constexpr std::uint64_t kPlenty = 1 << 30;

Bytes FrameBy(FrameCompressor& compressor, ByteView original) {
  Bytes room(kMaxFrameBytes);
  return ToBytes(compressor.Compress(original, room));
}

Bytes Frame(ByteView original) {
  FrameCompressor compressor(CompressionLevel{});
  return FrameBy(compressor, original);
}

Bytes Join(std::initializer_list<Bytes> parts) {
  Bytes joined;
  for (const Bytes& part : parts) Append(joined, part);
  return joined;
}

struct Content {
  Bytes original;
  std::string json;
};

Result<Content> Decode(ByteView plaintext, std::size_t piece = SIZE_MAX) {
  Content content;
  ContentDecoder decoder(kPlenty, [&](ByteView bytes) -> Result<void> {
    CHECK(bytes.size() <= kFrameBytes);
    Append(content.original, bytes);
    return {};
  });
  while (!plaintext.empty()) {
    const ByteView next = plaintext.first(std::min(piece, plaintext.size()));
    TRY_VOID(decoder.Push(next));
    plaintext = plaintext.subspan(next.size());
  }
  TRY(content.json, decoder.Finish());
  CHECK(decoder.original_bytes() == content.original.size());
  return content;
}

// The plaintext as it is written: a frame for each MiB, one frame for nothing, then the metadata.
Bytes PlaintextOf(ByteView original) {
  FrameCompressor compressor(CompressionLevel{});
  Bytes plaintext;
  do {
    const ByteView piece = original.first(std::min(original.size(), kFrameBytes));
    original = original.subspan(piece.size());
    Append(plaintext, FrameBy(compressor, piece));
  } while (!original.empty());
  Append(plaintext, EncodeMetadataFrame(kJson));
  return plaintext;
}

struct FreeZstd {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

// A frame of zstd with one parameter that is not ours.
Bytes OtherFrame(ByteView original, ZSTD_cParameter parameter, int value) {
  const std::unique_ptr<ZSTD_CCtx, FreeZstd> context(ZSTD_createCCtx());
  REQUIRE(ZSTD_isError(ZSTD_CCtx_setParameter(context.get(), parameter, value)) == 0);
  Bytes frame(ZSTD_compressBound(original.size()));
  const std::size_t size = ZSTD_compress2(context.get(), frame.data(), frame.size(), original.data(), original.size());
  REQUIRE(ZSTD_isError(size) == 0);
  frame.resize(size);
  return frame;
}

void CheckRefused(const Bytes& plaintext, std::string_view words) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}, std::size_t{SIZE_MAX}}) {
    if (piece == 1 && plaintext.size() > 100'000) continue;
    CAPTURE(piece);
    CHECK_FAILS(Decode(plaintext, piece), ErrorCode::kInvalid, words);
  }
}

TEST_CASE("frames give back what they were made of, in pieces of any size", "[seal]") {
  const std::uint64_t seed = testing::TestSeed();
  CAPTURE(seed);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100}, kFrameBytes - 1, kFrameBytes,
                                 kFrameBytes + 1, 3 * kFrameBytes + 17}) {
    for (const Bytes& original : {LogLikeBytes(size), RandomBytes(size, seed)}) {
      const Bytes plaintext = PlaintextOf(original);
      for (const std::size_t piece :
           {std::size_t{1}, std::size_t{7}, std::size_t{65536}, std::size_t{1'000'003}, std::size_t{SIZE_MAX}}) {
        if (piece < 1000 && plaintext.size() > 200'000) continue;
        CAPTURE(size, piece);
        const Content content = Unwrap(Decode(plaintext, piece));
        CHECK(content.original == original);
        CHECK(content.json == kJson);
      }
    }
  }
}

TEST_CASE("a frame is the same whatever was compressed before it", "[seal]") {
  FrameCompressor used(CompressionLevel{});
  FrameBy(used, RandomBytes(100'000, 1));
  CHECK(FrameBy(used, LogLikeBytes(100'000)) == Frame(LogLikeBytes(100'000)));
}

TEST_CASE("a higher level gives another frame of the same content", "[seal]") {
  const Bytes original = LogLikeBytes(300'000);
  FrameCompressor slow(CompressionLevel{19});
  const Bytes frame = FrameBy(slow, original);
  CHECK(frame.size() < Frame(original).size());
  CHECK(Unwrap(Decode(Join({frame, EncodeMetadataFrame(kJson)}))).original == original);
}

TEST_CASE("an empty original is one frame of no bytes", "[seal]") {
  CHECK(ToHex(Frame({})) == "28b52ffd2000010000");
  CHECK(Unwrap(Decode(Join({Frame({}), EncodeMetadataFrame(kJson)}))).original.empty());
  CheckRefused(EncodeMetadataFrame(kJson), "the plaintext ends before its metadata");
  CheckRefused({}, "the plaintext ends before its metadata");
}

TEST_CASE("the metadata frame has the bytes that the format says", "[seal]") {
  CHECK(ToHex(EncodeMetadataFrame("{}")) ==
        "502a4d18"
        "0a000000"
        "7b7d"
        "02000000"
        "4558484d");
  CHECK(EncodeMetadataFrame(kJson).size() == kJson.size() + kMetadataFrameOverhead);
}

TEST_CASE("the metadata is found from the end of a tail", "[seal]") {
  const Bytes frame = EncodeMetadataFrame(kJson);
  CHECK(Unwrap(FindMetadata(frame)) == kJson);
  CHECK(Unwrap(FindMetadata(Join({RandomBytes(1000, 5), frame}))) == kJson);
  const std::string longest(kMaxMetadataBytes, 'x');
  CHECK(Unwrap(FindMetadata(EncodeMetadataFrame(longest))) == longest);
  CHECK(Unwrap(FindMetadata(EncodeMetadataFrame(""))).empty());
}

TEST_CASE("a tail without a whole metadata frame at its end has no metadata", "[seal]") {
  const Bytes frame = EncodeMetadataFrame(kJson);
  const auto refused = [](const Bytes& tail) {
    CHECK_FAILS(FindMetadata(tail), ErrorCode::kInvalid, "no metadata frame at the end");
  };
  for (std::size_t cut = 0; cut < frame.size(); ++cut) {
    CAPTURE(cut);
    refused(ToBytes(ByteView(frame).first(cut)));
    if (cut > 0) refused(ToBytes(ByteView(frame).subspan(cut)));
  }
  refused(Join({frame, Bytes{0}}));
  // Magic, size, the JSON's length and the footer must all agree; the JSON itself may be anything.
  for (std::size_t at = 0; at < frame.size(); ++at) {
    if (at >= 8 && at < 8 + kJson.size()) continue;
    Bytes damaged = frame;
    damaged[at] ^= 1;
    CAPTURE(at);
    refused(damaged);
  }
  Bytes huge = frame;  // a length of 4 GiB less one, in the footer
  std::fill(huge.end() - 8, huge.end() - 4, std::uint8_t{0xff});
  refused(huge);
}

TEST_CASE("what is no zstd frame is refused", "[seal]") {
  CheckRefused(ToBytes(ViewOf("plain text, not compressed at all")), "frame 0: not a zstd frame");
  CheckRefused(Join({Frame(LogLikeBytes(kFrameBytes)), Bytes(40, 0)}), "frame 1: not a zstd frame");
  CheckRefused(Bytes(18, 0xff), "frame 0: not a zstd frame");
}

TEST_CASE("a skippable frame that is not the metadata is refused", "[seal]") {
  const Bytes skippable = Hex("512a4d180400000061626364");
  CheckRefused(Join({skippable, Frame({}), EncodeMetadataFrame(kJson)}),
               "frame 0: a skippable frame that is not the metadata");
  CheckRefused(Join({Frame({}), skippable, EncodeMetadataFrame(kJson)}),
               "frame 1: a skippable frame that is not the metadata");
}

TEST_CASE("a frame of more than 1 MiB, or of unknown size, is refused before it is unpacked", "[seal]") {
  const Bytes large = OtherFrame(Bytes(kFrameBytes + 1, 'a'), ZSTD_c_compressionLevel, 1);
  REQUIRE(large.size() < 1000);
  CheckRefused(Join({large, EncodeMetadataFrame(kJson)}), "frame 0: its content is larger than 1 MiB");
  const Bytes bomb =
      Hex("28b52ffd"
          "e0"
          "0000000000000010"
          "0b0000"
          "61");  // 2^60 bytes
  CheckRefused(bomb, "frame 0: its content is larger than 1 MiB");
  const Bytes unknown = OtherFrame(LogLikeBytes(1000), ZSTD_c_contentSizeFlag, 0);
  CheckRefused(Join({unknown, EncodeMetadataFrame(kJson)}), "its content is of unknown size");
}

TEST_CASE("a frame with a checksum is refused: the chunks authenticate", "[seal]") {
  const Bytes checked = OtherFrame(LogLikeBytes(1000), ZSTD_c_checksumFlag, 1);
  CheckRefused(Join({checked, EncodeMetadataFrame(kJson)}), "frame 0: has a checksum");
}

TEST_CASE("a frame that asks for a dictionary is refused", "[seal]") {
  // Descriptor 0x21: one segment, a dictionary's id of one byte.
  CheckRefused(Join({Hex("28b52ffd"
                         "21"
                         "07"
                         "01"
                         "090000"
                         "61"),
                     EncodeMetadataFrame(kJson)}),
               "frame 0: asks for a dictionary");
}

TEST_CASE("a frame with a window of more than 1 MiB is refused", "[seal]") {
  // Descriptor 0x80: content size of four bytes; window descriptor 0x58: 2 MiB.
  CheckRefused(Join({Hex("28b52ffd"
                         "80"
                         "58"
                         "01000000"
                         "090000"
                         "61"),
                     EncodeMetadataFrame(kJson)}),
               "frame 0: its window is larger than 1 MiB");
}

TEST_CASE("only the last frame of content may be short, and none but the first empty", "[seal]") {
  const Bytes whole = Frame(LogLikeBytes(kFrameBytes));
  const Bytes short_frame = Frame(LogLikeBytes(1000));
  const Bytes metadata = EncodeMetadataFrame(kJson);
  CHECK(Decode(Join({whole, short_frame, metadata})));
  CheckRefused(Join({short_frame, whole, metadata}), "frame 1: follows a frame of less than 1 MiB");
  CheckRefused(Join({Frame({}), short_frame, metadata}), "frame 1: follows a frame of less than 1 MiB");
  CheckRefused(Join({Frame({}), Frame({}), metadata}), "frame 1: follows a frame of less than 1 MiB");
  CheckRefused(Join({whole, Frame({}), metadata}), "frame 1: empty, after others");
}

TEST_CASE("a frame that gives more or less than it says is refused", "[seal]") {
  // Raw blocks of two bytes in frames that state one and three.
  const auto stated = [](std::string_view size) {
    return Join({Hex("28b52ffd20" + std::string(size) +
                     "110000"
                     "6162"),
                 EncodeMetadataFrame(kJson)});
  };
  CHECK(Decode(stated("02")));
  CheckRefused(stated("01"), "frame 0: damaged");
  CheckRefused(stated("03"), "frame 0: damaged");
}

TEST_CASE("a damaged frame is refused, with its number", "[seal]") {
  const Bytes whole = Frame(LogLikeBytes(kFrameBytes));
  // A block of the type that is reserved.
  CheckRefused(Join({whole, Hex("28b52ffd20010f0000"), EncodeMetadataFrame(kJson)}), "frame 1: damaged");
}

TEST_CASE("a plaintext cut off anywhere is refused", "[seal]") {
  const Bytes plaintext = PlaintextOf(LogLikeBytes(2000));
  for (std::size_t size = 0; size < plaintext.size(); ++size) {
    CAPTURE(size);
    const auto result = Decode(ByteView(plaintext).first(size));
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::kInvalid);
  }
}

TEST_CASE("what follows the metadata frame is refused", "[seal]") {
  const Bytes plaintext = PlaintextOf(LogLikeBytes(100));
  CheckRefused(Join({plaintext, Bytes{0}}), "no metadata frame at the end");
  CheckRefused(Join({plaintext, EncodeMetadataFrame(kJson)}), "something follows the metadata frame");
  CheckRefused(Join({plaintext, Frame({})}), "no metadata frame at the end");
  CHECK_FAILS(Decode(Join({plaintext, Bytes(kMaxMetadataBytes + 100, 0)})), ErrorCode::kInvalid,
              "something follows the metadata frame");
}

// A frame of one block, whose content is `content`, with this descriptor and as many bytes of size as it says.
Bytes FrameWith(unsigned descriptor, unsigned window, std::string_view content) {
  Bytes frame = Hex("28b52ffd");
  frame.push_back(static_cast<std::uint8_t>(descriptor));
  const bool single = (descriptor >> 5 & 1U) != 0;
  if (!single) frame.push_back(static_cast<std::uint8_t>(window));
  frame.insert(frame.end(), std::array<std::size_t, 4>{0, 1, 2, 4}[descriptor & 3U], 0);  // a dictionary's id
  const std::size_t size_bytes = std::array<std::size_t, 4>{single ? 1U : 0U, 2, 4, 8}[descriptor >> 6];
  std::uint64_t size = content.size() - (size_bytes == 2 ? 256 : 0);
  for (std::size_t i = 0; i < size_bytes; ++i, size >>= 8) frame.push_back(static_cast<std::uint8_t>(size));
  const std::size_t block = 1 | content.size() << 3;  // raw, and the last
  for (const int shift : {0, 8, 16}) frame.push_back(static_cast<std::uint8_t>(block >> shift));
  Append(frame, ViewOf(content));
  return frame;
}

TEST_CASE("what is taken does not depend on how it was cut", "[seal]") {
  std::vector<Bytes> plaintexts = {
      PlaintextOf({}),
      PlaintextOf(LogLikeBytes(300)),
      Join({FrameWith(0x20, 0, "abc"), EncodeMetadataFrame(kJson)}),
      // The bit that is unused: taken by zstd in pieces of five and more.
      Join({Hex("28b52ffd30000300"
                "00d1"),
            EncodeMetadataFrame(kJson)}),
      // A byte repeated no times, in a frame of no bytes: taken whole, and refused in pieces.
      Join({Hex("28b52ffd2000030000d1"), EncodeMetadataFrame(kJson)}),
  };
  for (unsigned descriptor = 0; descriptor < 256; ++descriptor) {
    for (const unsigned window : {0U, 0x38U, 0x50U, 0x51U, 0x58U, 0x68U, 0xffU}) {
      plaintexts.push_back(
          Join({FrameWith(descriptor, window, std::string(300, 'x').substr(0, descriptor >> 6 == 1 ? 300 : 7)),
                EncodeMetadataFrame(kJson)}));
    }
  }
  for (const Bytes& plaintext : plaintexts) {
    const auto whole = Decode(plaintext);
    for (std::size_t piece = 1; piece < std::min<std::size_t>(plaintext.size(), 40); ++piece) {
      const auto pieces = Decode(plaintext, piece);
      CAPTURE(ToHex(plaintext), piece);
      REQUIRE(pieces.has_value() == whole.has_value());
      if (whole) REQUIRE(pieces->original == whole->original);
      if (!whole) REQUIRE(pieces.error().message == whole.error().message);
    }
  }
}

TEST_CASE("a frame's header has one meaning of each bit", "[seal]") {
  for (unsigned descriptor = 0; descriptor < 256; ++descriptor) {
    CAPTURE(descriptor);
    const bool says_its_size = (descriptor & 0x20U) != 0 || descriptor >= 0x40;
    const std::string content(descriptor >> 6 == 1 ? 300 : 7, 'x');
    const bool allowed = (descriptor & 0x1fU) == 0 && says_its_size;
    CHECK(Decode(Join({FrameWith(descriptor, 0x50, content), EncodeMetadataFrame(kJson)})).has_value() == allowed);
  }
  // Windows of 1 KiB to 1 MiB, for a content that they hold; of 128 KiB for a larger one.
  for (unsigned window = 0; window < 256; ++window) {
    CAPTURE(window);
    const auto with = [&](std::size_t size) {
      return Decode(Join({FrameWith(0x80, window, std::string(size, 'x')), EncodeMetadataFrame(kJson)})).has_value();
    };
    CHECK(with(7) == (window <= 0x50));
    CHECK(with(100'000) == (window <= 0x50 && window >= 0x35));  // 1.625 times 64 KiB
  }
}

TEST_CASE("a block stores and gives no more than its frame allows", "[seal]") {
  CheckRefused(Join({Hex("28b52ffd2000030000d1"), EncodeMetadataFrame(kJson)}), "larger than its frame allows");
  CheckRefused(Join({Hex("28b52ffd20012b0000d1"), EncodeMetadataFrame(kJson)}), "larger than its frame allows");
  CheckRefused(Join({FrameWith(0xa0, 0, std::string(kFrameBytes / 4, 'x')), EncodeMetadataFrame(kJson)}),
               "larger than its frame allows");
}

TEST_CASE("no more is unpacked than the metadata says", "[seal]") {
  // 40 frames of 1 MiB of zeros are 2 KB.
  Bytes plaintext;
  for (int i = 0; i < 40; ++i) Append(plaintext, Frame(Bytes(kFrameBytes, 0)));
  Append(plaintext, EncodeMetadataFrame(kJson));
  for (const std::uint64_t said : {std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{kFrameBytes},
                                   std::uint64_t{3 * kFrameBytes + 1}, std::uint64_t{40 * kFrameBytes}}) {
    for (const std::size_t piece : {std::size_t{7}, plaintext.size()}) {
      std::uint64_t given = 0;
      ContentDecoder decoder(said, [&](ByteView bytes) -> Result<void> {
        given += bytes.size();
        return {};
      });
      Result<void> status;
      for (ByteView rest = plaintext; status && !rest.empty(); rest = rest.subspan(std::min(piece, rest.size()))) {
        status = decoder.Push(rest.first(std::min(piece, rest.size())));
      }
      CAPTURE(said, piece);
      CHECK(given == said / kFrameBytes * kFrameBytes);
      CHECK(decoder.original_bytes() == given);
      if (said == 40 * kFrameBytes) {
        REQUIRE_OK(status);
        REQUIRE_OK(decoder.Finish());
      } else {
        CHECK_FAILS(status, ErrorCode::kInvalid,
                    "goes beyond the " + std::to_string(said) + " bytes that its metadata says");
      }
    }
  }
}

TEST_CASE("an error of the sink ends the decoding and comes out as it is", "[seal]") {
  int calls = 0;
  ContentDecoder decoder(kPlenty, [&](ByteView) -> Result<void> {
    ++calls;
    return Fail(ErrorCode::kIo, "disk full");
  });
  CHECK_FAILS(decoder.Push(PlaintextOf(LogLikeBytes(2 * kFrameBytes))), ErrorCode::kIo, "disk full");
  CHECK(calls == 1);
}

}  // namespace
}  // namespace exhibit::seal
