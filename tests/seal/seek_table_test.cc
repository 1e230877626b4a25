// Goal: a seek table that is taken is one that a plaintext can have, and it finds every byte. Method: its bytes; each rule
// broken alone; and tables of originals of many terabytes, which exist as rows only.
#include "vault/seal/seek_table.h"

#include "tests/seal/example_bytes.h"
#include "tests/seal/plaintexts.h"
#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::seal {
namespace {

using testing::Unwrap;
using testing_parts::PlaintextParts;

// The rows and length of a plaintext whose content frames are these.
struct Rows {
  std::vector<SeekRow> rows;
  std::uint64_t plaintext_bytes = 0;

  static Rows Of(std::vector<SeekRow> content, std::uint32_t fields_bytes = 64) {
    std::uint64_t bytes = 0;
    for (const SeekRow& row : content) bytes += row.frame_bytes;
    const PaddingPlan plan = PlanPadding({bytes, content.size(), fields_bytes});
    for (std::uint64_t i = 0; i < plan.frames; ++i) {
      content.push_back({static_cast<std::uint32_t>(plan.ZerosIn(i) + 8), 0});
    }
    content.push_back({fields_bytes, 0});
    return {std::move(content), plan.plaintext_bytes};
  }
  // A frame for each part of an original, compressed to a third.
  static Rows OfOriginal(std::uint64_t original_bytes) {
    std::vector<SeekRow> content;
    do {
      const std::uint64_t held = std::min<std::uint64_t>(original_bytes, FrameCapacity(content.size()));
      content.push_back({static_cast<std::uint32_t>(held / 3 + 9), static_cast<std::uint32_t>(held)});
      original_bytes -= held;
    } while (original_bytes > 0);
    return Of(std::move(content));
  }
  Result<SeekTable> Create() const { return SeekTable::Create(rows, plaintext_bytes); }
};

TEST_CASE("the seek table has the bytes that the format says", "[seal]") {
  CHECK(ToHex(SeekTable::Encode({{9, 0}, {4000, 0}, {64, 0}})) ==
        "5e2a4d18"
        "21000000"
        "0900000000000000"
        "a00f000000000000"
        "4000000000000000"
        "03000000"
        "00"
        "b1ea928f");
}

TEST_CASE("a seek table is read from the end of a plaintext", "[seal]") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{3 << 20}}) {
    const PlaintextParts parts = PlaintextParts::Of(testing::LogLikeBytes(size));
    const Bytes plaintext = parts.Join();
    const SeekTable table = Unwrap(SeekTable::ParseAtEnd(plaintext, plaintext.size()));
    CHECK(table.Encode() == parts.seek_table);
    CHECK(table.original_bytes() == size);
    CHECK(table.content_frames() == parts.content.size());
    const ByteRange fields = table.fields();
    CHECK(Equal(ByteView(plaintext).subspan(fields.offset, fields.bytes), parts.fields));
    const ByteRange last = table.ContentFrames(parts.content.size() - 1, parts.content.size() - 1);
    CHECK(Equal(ByteView(plaintext).subspan(last.offset, last.bytes), parts.content.back()));
  }
}

TEST_CASE("each byte of a seek table is checked", "[seal]") {
  const PlaintextParts parts = PlaintextParts::Of(testing::LogLikeBytes(1000));
  const Bytes plaintext = parts.Join();
  for (std::size_t back = 1; back <= parts.seek_table.size(); ++back) {
    Bytes changed = plaintext;
    changed[changed.size() - back] ^= 1;
    CAPTURE(back);
    // How much the only content frame holds, nobody can tell from the table.
    const std::size_t at = parts.seek_table.size() - back;
    if (at >= 12 && at < 15) continue;
    CHECK_FAILS(SeekTable::ParseAtEnd(changed, changed.size()), ErrorCode::kInvalid, "seek table: ");
  }
  for (std::size_t size = 0; size < parts.seek_table.size(); ++size) {
    CHECK_FAILS(SeekTable::ParseAtEnd(ByteView(plaintext).last(size), plaintext.size()), ErrorCode::kInvalid,
                "seek table: ");
  }
}

TEST_CASE("a seek table that says a thing no plaintext has is refused by the rule", "[seal]") {
  const Rows good = Rows::OfOriginal((2 << 20) + 5);
  REQUIRE_OK(good.Create());
  REQUIRE(good.rows.size() == 5);
  const auto with = [&](std::size_t row, SeekRow value) {
    Rows rows = good;
    rows.rows[row] = value;
    return rows.Create();
  };
  CHECK_FAILS(with(0, {9, (1 << 20) + 1}), ErrorCode::kInvalid, "row 0: holds more than 1048576 bytes");
  CHECK_FAILS(with(1, {good.rows[1].frame_bytes, 7}), ErrorCode::kInvalid,
              "row 2: follows a content frame that is not full");
  CHECK_FAILS(with(2, {good.rows[2].frame_bytes, 0}), ErrorCode::kInvalid, "padding frames, and not");
  CHECK_FAILS(with(4, {16, 0}), ErrorCode::kInvalid, "row 4: no fields frame has 16 bytes");
  CHECK_FAILS(with(4, {kMaxFieldsBytes + 17, 0}), ErrorCode::kInvalid, "no fields frame has 1048593 bytes");
  CHECK_FAILS(with(4, {64, 1}), ErrorCode::kInvalid, "row 4: content after padding");
  CHECK_FAILS(with(3, {good.rows[3].frame_bytes + 1, 0}), ErrorCode::kInvalid, "row 3: the padding frame has ");
  CHECK_FAILS(with(3, {good.rows[3].frame_bytes, 1}), ErrorCode::kInvalid, "seek table: ");
  CHECK_FAILS(SeekTable::Create(good.rows, good.plaintext_bytes + 1), ErrorCode::kInvalid, "the plaintext has");
  CHECK_FAILS(SeekTable::Create({{9, 0}, {64, 0}}, 4096), ErrorCode::kInvalid, "fewer than three rows");
  CHECK_FAILS(SeekTable::Create({{9, 1}, {9, 1}, {64, 1}}, 4096), ErrorCode::kInvalid, "row 1: follows");
  CHECK_FAILS(SeekTable::Create({{9, 1 << 20}, {9, 1 << 20}, {64, 1}}, 4096), ErrorCode::kInvalid,
              "no row of a padding");
  // A padding frame more than the zeros need.
  Rows more = good;
  more.rows[3].frame_bytes -= 16;
  more.rows.insert(more.rows.begin() + 4, {8, 0});
  CHECK_FAILS(more.Create(), ErrorCode::kInvalid, "and 1 padding frames, and not");
}

TEST_CASE("frames of 4 MiB follow the 65,536th", "[seal]") {
  constexpr std::uint64_t kEarly = std::uint64_t{64} << 30;
  CHECK(FrameAt(kEarly - 1) == 65'535);
  CHECK(FrameAt(kEarly) == 65'536);
  CHECK(FrameAt(kEarly + (4 << 20) - 1) == 65'536);
  CHECK(FrameAt(kEarly + (4 << 20)) == 65'537);
  CHECK(FrameBegin(65'536) == kEarly);
  CHECK(FrameBegin(65'537) == kEarly + (4 << 20));
  const Rows rows = Rows::OfOriginal(kEarly + (4 << 20) + 1);
  const SeekTable table = Unwrap(rows.Create());
  CHECK(table.content_frames() == 65'538);
  CHECK(table.original_bytes() == kEarly + (4 << 20) + 1);
  Rows early = rows;
  early.rows[65'535].holds = 4 << 20;
  CHECK_FAILS(early.Create(), ErrorCode::kInvalid, "row 65535: holds more than 1048576 bytes");
  Rows late = rows;
  late.rows[65'536].holds = 1 << 20;
  CHECK_FAILS(late.Create(), ErrorCode::kInvalid, "row 65537: follows a content frame that is not full");
}

TEST_CASE("the seek table of the largest original fits into a tail, and a larger original is refused", "[seal]") {
  const Rows rows = Rows::OfOriginal(kMaxOriginalBytes);
  const SeekTable table = Unwrap(rows.Create());
  CHECK(table.original_bytes() == kMaxOriginalBytes);
  CHECK(table.table_bytes() + kMaxFieldsBytes + kFieldsFrameOverhead + 2 * kSealedChunkBytes + 300 * 16 <
        kMaxTailBytes);
  CHECK_FAILS(Rows::OfOriginal(kMaxOriginalBytes + 1).Create(), ErrorCode::kInvalid, "larger than 8 TiB");
}

}  // namespace
}  // namespace exhibit::seal
