// Goal: the plaintext of a sealed file has one form, and a hostile one costs no more than a frame of memory. Method: what
// the writer makes, read in pieces of odd sizes; and for every rule a plaintext, made with zstd or by hand (RFC 8878),
// that breaks that rule only.
#include "vault/seal/plaintext_reader.h"

#include <zstd.h>

#include <memory>

#include "tests/seal/example_bytes.h"
#include "tests/seal/plaintexts.h"
#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::seal {
namespace {

using testing::Hex;
using testing::LogLikeBytes;
using testing::RandomBytes;
using testing::Unwrap;
using testing_parts::kFieldLines;
using testing_parts::PaddingFrame;
using testing_parts::PlaintextParts;
using testing_parts::Written;

constexpr std::uint64_t kPlenty = 1 << 30;

struct Content {
  Bytes original;
  std::string field_lines;
};

Result<Content> Read(ByteView plaintext, std::size_t piece = SIZE_MAX) {
  Content content;
  PlaintextReader reader(kPlenty, [&](ByteView bytes) -> Result<void> {
    CHECK(!bytes.empty());
    CHECK(bytes.size() <= kEarlyFrameBytes);
    Append(content.original, bytes);
    return {};
  });
  while (!plaintext.empty()) {
    const ByteView next = plaintext.first(std::min(piece, plaintext.size()));
    TRY_VOID(reader.Push(next));
    plaintext = plaintext.subspan(next.size());
  }
  TRY(const PlaintextReader::Whole whole, reader.Finish());
  content.field_lines = whole.field_lines;
  CHECK(reader.original_bytes() == content.original.size());
  CHECK(whole.seek_table.original_bytes() == content.original.size());
  return content;
}

void CheckRefused(const Bytes& plaintext, std::string_view words) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}, std::size_t{SIZE_MAX}}) {
    if (piece == 1 && plaintext.size() > 100'000) continue;
    CAPTURE(piece);
    CHECK_FAILS(Read(plaintext, piece), ErrorCode::kInvalid, words);
  }
}
void CheckRefused(const PlaintextParts& parts, std::string_view words) { CheckRefused(parts.Join(), words); }
void CheckFrameRefused(const Bytes& frame, std::size_t held, std::string_view words) {
  CheckRefused(PlaintextParts::OfFrame(frame, held), words);
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

TEST_CASE("what is written is read back, in pieces of any size", "[seal]") {
  const std::uint64_t seed = testing::TestSeed();
  CAPTURE(seed);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100}, kEarlyFrameBytes - 1,
                                 kEarlyFrameBytes, kEarlyFrameBytes + 1, 3 * kEarlyFrameBytes + 17}) {
    for (const Bytes& original : {LogLikeBytes(size), RandomBytes(size, seed)}) {
      const Bytes plaintext = Written(original);
      CHECK(plaintext == PlaintextParts::Of(original).Join());
      CHECK(plaintext.size() == PaddedLength(plaintext.size()));
      for (const std::size_t piece :
           {std::size_t{1}, std::size_t{7}, std::size_t{65536}, std::size_t{1'000'003}, std::size_t{SIZE_MAX}}) {
        if (piece < 1000 && plaintext.size() > 200'000) continue;
        CAPTURE(size, piece);
        const Content content = Unwrap(Read(plaintext, piece));
        CHECK(content.original == original);
        CHECK(content.field_lines == kFieldLines);
      }
    }
  }
}

TEST_CASE("an empty original is one frame of no bytes", "[seal]") {
  CHECK(ToHex(CompressFrame({}, {})) == "28b52ffd2000010000");
  CHECK(Unwrap(Read(Written({}))).original.empty());
  CHECK(Written({}).size() == 4096);
  CheckRefused(Bytes(), "the plaintext ends within its frames");
}

TEST_CASE("the frames of a plaintext have one order", "[seal]") {
  const PlaintextParts good = PlaintextParts::Of(LogLikeBytes(2000));
  const auto join = [&](std::initializer_list<Bytes> frames) {
    Bytes plaintext;
    for (const Bytes& frame : frames) Append(plaintext, frame);
    return plaintext;
  };
  const Bytes& content = good.content[0];
  const Bytes& padding = good.padding[0];
  REQUIRE(Read(join({content, padding, good.fields, good.seek_table})));
  CheckRefused(join({padding, content, good.fields, good.seek_table}), "frame 0: padding before the content");
  CheckRefused(join({good.fields, content, padding, good.seek_table}), "frame 0: the fields, where padding or content");
  CheckRefused(join({content, good.fields, padding, good.seek_table}), "frame 1: the fields, where padding or content");
  CheckRefused(join({content, good.fields, good.seek_table}), "frame 1: the fields, where padding or content");
  CheckRefused(join({content, padding, good.seek_table, good.fields}), "frame 2: neither padding nor the fields");
  CheckRefused(join({content, padding, content, good.fields, good.seek_table}), "frame 2: neither padding nor");
  CheckRefused(join({content, padding, good.fields, good.fields, good.seek_table}), "frame 3: not the seek table");
  CheckRefused(join({content, padding, good.fields, padding, good.seek_table}), "frame 3: not the seek table");
  CheckRefused(join({content, padding, good.fields}), "frame 3: the plaintext ends within its frames");
  CheckRefused(join({content, padding, good.fields, good.seek_table, {0}}), "something follows the seek table");
  CheckRefused(join({content, padding, good.fields, good.seek_table, good.seek_table}), "something follows the seek");
  CheckRefused(join({good.seek_table, content, padding, good.fields}), "frame 0: not a zstd frame");
  for (int kind = 2; kind < 14; ++kind) {  // the other skippable frames
    Bytes other = Hex("502a4d180400000061626364");
    other[0] = static_cast<std::uint8_t>(0x50 + kind);
    CheckRefused(join({content, other, padding, good.fields, good.seek_table}), "frame 1: not a zstd frame");
    CheckRefused(join({content, padding, other, good.fields, good.seek_table}), "frame 2: neither padding nor");
    CheckRefused(join({content, padding, good.fields, other, good.seek_table}), "frame 3: not the seek table");
  }
}

TEST_CASE("padding is zeros, as many as the rule says, dealt as it says", "[seal]") {
  const PlaintextParts good = PlaintextParts::Of(LogLikeBytes(2000));
  const std::size_t zeros = good.padding[0].size() - 8;
  for (const std::size_t at : {std::size_t{0}, zeros / 2, zeros - 1}) {
    PlaintextParts parts = good;
    parts.padding[0][8 + at] = 1;
    CheckRefused(parts, "frame 1: padding that is not zero");
  }
  const auto with = [&](std::vector<Bytes> padding) {
    PlaintextParts parts = good;
    parts.padding = std::move(padding);
    parts.Retable();
    return parts;
  };
  CheckRefused(with({PaddingFrame(zeros - 1)}), "seek table: with these frames the plaintext has 4096 bytes");
  CheckRefused(with({PaddingFrame(zeros + 1)}), "seek table: with these frames the plaintext has 4096 bytes");
  CheckRefused(with({PaddingFrame(zeros + 256)}), "seek table: with these frames");  // padded, and too much
  CheckRefused(with({PaddingFrame(0), PaddingFrame(zeros - 16)}), "and 1 padding frames, and not 4096 and 2");
  CheckRefused(with({PaddingFrame(zeros - 16), PaddingFrame(0)}), "and 1 padding frames, and not 4096 and 2");
  CheckRefused(with({}), "frame 1: the fields, where padding");
  Bytes huge;
  AppendSkippableHeader(huge, kPaddingMagic, (1 << 30) - 7);
  CheckRefused(with({huge}), "frame 1: padding of more than 1 GiB");
}

TEST_CASE("a seek table that lies is refused", "[seal]") {
  const PlaintextParts good = PlaintextParts::Of(LogLikeBytes((1 << 20) + 2000));
  for (std::size_t at = 0; at < good.seek_table.size(); ++at) {
    PlaintextParts parts = good;
    parts.seek_table[at] ^= 1;
    CAPTURE(at);
    CHECK_FAILS(Read(parts.Join()), ErrorCode::kInvalid, at < 4 ? "not the seek table" : "not that of the frames");
  }
  const auto with = [&](const std::vector<SeekRow>& rows) {
    PlaintextParts parts = good;
    parts.seek_table = SeekTable::Encode(rows);
    return parts;
  };
  const std::vector<SeekRow> rows = good.Rows();
  std::vector<SeekRow> swapped = rows;
  std::swap(swapped[0], swapped[1]);
  CheckRefused(with(swapped), "seek table: not that of the frames before it");
  std::vector<SeekRow> with_table = rows;
  with_table.push_back({100, 0});
  CheckRefused(with(with_table), "seek table: ");
  std::vector<SeekRow> fewer(rows.begin() + 1, rows.end());
  CheckRefused(with(fewer), "ends within its frames");
  // With checksums: bit 7 of the descriptor, and 12 bytes a row.
  PlaintextParts checked = good;
  checked.seek_table[checked.seek_table.size() - 5] = 0x80;
  CheckRefused(checked, "seek table: not that of the frames before it");
}

TEST_CASE("fields of another form are refused", "[seal]") {
  const PlaintextParts good = PlaintextParts::Of(LogLikeBytes(2000));
  PlaintextParts parts = good;
  parts.fields[parts.fields.size() - 1] = 'm';
  CheckRefused(parts, "fields frame: does not end in EXHM");
  parts = good;
  parts.fields[parts.fields.size() - 9] = ']';
  CheckRefused(parts, "fields frame: ends within a line");
  parts = good;
  AppendU32LittleEndian(parts.fields, 0);
  parts.fields.resize(8);
  parts.fields[7] = 0xff;
  CheckRefused(parts, "fields frame: longer than 1 MiB");
}

TEST_CASE("what is no zstd frame is refused", "[seal]") {
  CheckRefused(ToBytes(ViewOf("plain text, not compressed at all")), "frame 0: not a zstd frame");
  PlaintextParts parts = PlaintextParts::Of(LogLikeBytes(kEarlyFrameBytes));
  parts.content.push_back(Bytes(40, 0));
  parts.holds.push_back(1);
  CheckRefused(parts, "frame 1: not a zstd frame");
}

TEST_CASE("a frame of more than 1 MiB, or of unknown size, is refused before it is unpacked", "[seal]") {
  const Bytes large = OtherFrame(Bytes(kEarlyFrameBytes + 1, 'a'), ZSTD_c_compressionLevel, 1);
  REQUIRE(large.size() < 1000);
  CheckFrameRefused(large, kEarlyFrameBytes + 1, "frame 0: its content is larger than 1 MiB");
  const Bytes bomb = Hex("28b52ffde000000000000000100b000061");  // 2^60 bytes
  CheckFrameRefused(bomb, 0, "frame 0: its content is larger than 1 MiB");
  CheckFrameRefused(OtherFrame(LogLikeBytes(1000), ZSTD_c_contentSizeFlag, 0), 1000, "its content is of unknown size");
}

TEST_CASE("a frame with a checksum, a dictionary or a reserved bit is refused", "[seal]") {
  CheckFrameRefused(OtherFrame(LogLikeBytes(1000), ZSTD_c_checksumFlag, 1), 1000, "frame 0: has a checksum");
  // Descriptor 0x21: one segment, a dictionary's id of one byte.
  CheckFrameRefused(Hex("28b52ffd210701090000"
                        "61"),
                    1, "frame 0: asks for a dictionary");
  CheckFrameRefused(Hex("28b52ffd210001090000"
                        "61"),
                    1, "frame 0: asks for a dictionary");  // of the id 0
  CheckFrameRefused(Hex("28b52ffd2801090000"
                        "61"),
                    1, "frame 0: has a bit that is reserved");
  CheckFrameRefused(Hex("28b52ffd3001090000"
                        "61"),
                    1, "frame 0: has a bit that is reserved");
}

TEST_CASE("a frame with a window of more than 1 MiB is refused", "[seal]") {
  // Descriptor 0x80: content size of four bytes; window descriptor 0x50: 1 MiB, 0x51: 1.125 MiB.
  CHECK(Read(PlaintextParts::OfFrame(Hex("28b52ffd805001000000090000"
                                         "61"),
                                     1)
                 .Join()));
  CheckFrameRefused(Hex("28b52ffd805101000000090000"
                        "61"),
                    1, "frame 0: its window is larger than 1 MiB");
  CheckFrameRefused(Hex("28b52ffd805801000000090000"
                        "61"),
                    1, "frame 0: its window is larger than 1 MiB");
}

TEST_CASE("only the last frame of content may be short, and none but the first empty", "[seal]") {
  const Bytes whole = CompressFrame(LogLikeBytes(kEarlyFrameBytes), {});
  const Bytes small = CompressFrame(LogLikeBytes(1000), {});
  const Bytes empty = CompressFrame({}, {});
  const auto with = [&](std::vector<Bytes> content, std::vector<std::size_t> holds) {
    PlaintextParts parts = PlaintextParts::Of({});
    parts.content = std::move(content);
    parts.holds = std::move(holds);
    parts.Repad();
    return parts;
  };
  CHECK(Read(with({whole, small}, {kEarlyFrameBytes, 1000}).Join()));
  CheckRefused(with({small, whole}, {1000, kEarlyFrameBytes}), "frame 1: follows a content frame that is not full");
  CheckRefused(with({empty, small}, {0, 1000}), "frame 1: follows a content frame that is not full");
  CheckRefused(with({empty, empty}, {0, 0}), "frame 1: follows");
  CheckRefused(with({whole, empty}, {kEarlyFrameBytes, 0}), "frame 1: empty, after others");
}

TEST_CASE("a frame that gives more or less than it says is refused", "[seal]") {
  const auto stated = [](std::string_view size) { return Hex("28b52ffd20" + std::string(size) + "1100006162"); };
  CHECK(Read(PlaintextParts::OfFrame(stated("02"), 2).Join()));
  CheckFrameRefused(stated("01"), 1, "frame 0: damaged");
  CheckFrameRefused(stated("03"), 3, "frame 0: damaged");
}

TEST_CASE("a compressed block of no bytes is refused: zstd takes it or not, depending on how it is fed", "[seal]") {
  CheckFrameRefused(Hex("28b52ffd2000050000"), 0, "frame 0: damaged: a compressed block of no bytes");
  CheckFrameRefused(Hex("28b52ffda00200000004000013000062"), 2, "frame 0: damaged: a compressed block of no bytes");
}

TEST_CASE("a damaged frame is refused, with its number", "[seal]") {
  PlaintextParts parts = PlaintextParts::Of(LogLikeBytes(kEarlyFrameBytes));
  parts.content.push_back(Hex("28b52ffd20010f0000"));  // a block of the type that is reserved
  parts.holds.push_back(1);
  CheckRefused(parts, "frame 1: damaged: a block of a type that is reserved");
}

TEST_CASE("a plaintext cut off anywhere is refused", "[seal]") {
  const Bytes plaintext = Written(LogLikeBytes(2000));
  for (std::size_t size = 0; size < plaintext.size(); ++size) {
    CAPTURE(size);
    const auto result = Read(ByteView(plaintext).first(size));
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::kInvalid);
  }
}

TEST_CASE("any byte after the content that is changed is found, or changes the fields", "[seal]") {
  const PlaintextParts parts = PlaintextParts::Of(LogLikeBytes(2000));
  const Bytes plaintext = parts.Join();
  for (std::size_t at = parts.content[0].size(); at < plaintext.size(); ++at) {
    Bytes changed = plaintext;
    changed[at] ^= 0x10;
    const auto content = Read(changed);
    CAPTURE(at);
    if (content) REQUIRE(content->field_lines != kFieldLines);
  }
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

bool IsTaken(const Bytes& frame, std::size_t held) {
  return Read(PlaintextParts::OfFrame(frame, held).Join()).has_value();
}

TEST_CASE("what is taken does not depend on how it was cut", "[seal]") {
  std::vector<PlaintextParts> plaintexts = {
      PlaintextParts::Of({}),
      PlaintextParts::Of(LogLikeBytes(300)),
      // The bit that is unused: taken by zstd in pieces of five and more.
      PlaintextParts::OfFrame(Hex("28b52ffd3000030000d1"), 0),
      // A byte repeated no times, in a frame of no bytes: taken by zstd whole, and refused in pieces.
      PlaintextParts::OfFrame(Hex("28b52ffd2000030000d1"), 0),
  };
  for (unsigned descriptor = 0; descriptor < 256; ++descriptor) {
    for (const unsigned window : {0U, 0x38U, 0x50U, 0x51U, 0x58U, 0x68U, 0xffU}) {
      const std::string content(descriptor >> 6 == 1 ? 300 : 7, 'x');
      plaintexts.push_back(PlaintextParts::OfFrame(FrameWith(descriptor, window, content), content.size()));
    }
  }
  for (const PlaintextParts& parts : plaintexts) {
    const Bytes plaintext = parts.Join();
    const auto whole = Read(plaintext);
    for (const std::size_t piece : {1U, 2U, 3U, 5U, 7U, 13U, 39U}) {
      const auto pieces = Read(plaintext, piece);
      CAPTURE(ToHex(parts.content[0]), piece);
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
    CHECK(IsTaken(FrameWith(descriptor, 0x50, content), content.size()) == allowed);
  }
  // Windows of 1 KiB to 1 MiB, for a content that they hold; of 128 KiB for a larger one.
  for (unsigned window = 0; window < 256; ++window) {
    CAPTURE(window);
    const auto with = [&](std::size_t size) { return IsTaken(FrameWith(0x80, window, std::string(size, 'x')), size); };
    const std::uint64_t bytes = (std::uint64_t{1} << (10 + (window >> 3))) * (8 + (window & 7U)) / 8;
    CHECK(with(1000) == (bytes >= 1000 && bytes <= kEarlyFrameBytes));
    CHECK(with(100'000) == (bytes >= 100'000 && bytes <= kEarlyFrameBytes));
  }
}

TEST_CASE("a late frame may hold 4 MiB, with a window of as much", "[seal]") {
  const Bytes original = LogLikeBytes(kLateFrameBytes);
  const Bytes frame = CompressFrame(original, {});
  FrameDecoder decoder;
  decoder.Begin(kEarlyFrames, kLateFrameBytes);
  CHECK(Unwrap(decoder.Push(frame)) == frame.size());
  REQUIRE(decoder.done());
  CHECK(Equal(decoder.original(), original));
  CHECK(decoder.row() == SeekRow{static_cast<std::uint32_t>(frame.size()), kLateFrameBytes});
  decoder.Begin(kEarlyFrames - 1, kLateFrameBytes);
  CHECK_FAILS(decoder.Push(frame), ErrorCode::kInvalid, "frame 65535: its content is larger than 1 MiB");
  decoder.Begin(kEarlyFrames, kLateFrameBytes);
  CHECK_FAILS(decoder.Push(Hex("28b52ffd806101000000")), ErrorCode::kInvalid,
              "frame 65536: its window is larger than 4 MiB");
  decoder.Begin(kEarlyFrames, kLateFrameBytes);
  CHECK(decoder.Push(Hex("28b52ffd806001000000")).has_value());
}

TEST_CASE("an original that is larger than its fields say is refused before it is unpacked", "[seal]") {
  const Bytes plaintext = Written(Bytes(4 * kEarlyFrameBytes, 'a'));
  for (const std::uint64_t said : {std::uint64_t{0}, std::uint64_t{kEarlyFrameBytes},
                                   std::uint64_t{kEarlyFrameBytes + 1}, std::uint64_t{4 * kEarlyFrameBytes}}) {
    std::uint64_t given = 0;
    PlaintextReader reader(said, [&](ByteView bytes) -> Result<void> {
      given += bytes.size();
      return {};
    });
    const auto pushed = reader.Push(plaintext);
    CAPTURE(said);
    CHECK(given == said / kEarlyFrameBytes * kEarlyFrameBytes);
    if (said == 4 * kEarlyFrameBytes) {
      REQUIRE_OK(pushed);
      REQUIRE_OK(reader.Finish());
    } else {
      CHECK_FAILS(pushed, ErrorCode::kInvalid, "are left of the original");
    }
  }
}

TEST_CASE("an error of the sink ends the reading and comes out as it is", "[seal]") {
  int calls = 0;
  PlaintextReader reader(kPlenty, [&](ByteView) -> Result<void> {
    ++calls;
    return Fail(ErrorCode::kIo, "disk full");
  });
  CHECK_FAILS(reader.Push(Written(LogLikeBytes(2 * kEarlyFrameBytes))), ErrorCode::kIo, "disk full");
  CHECK(calls == 1);
}

}  // namespace
}  // namespace exhibit::seal
