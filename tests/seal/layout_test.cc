// Goal: a layout is one line, blocks cover the payload without a gap, and no size that a payload cannot have makes one.
// Method: the example of docs/FORMAT.md, every rule from both sides, and sums over many sizes.
#include "vault/seal/layout.h"

#include "tests/seal/example_bytes.h"
#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "vault/seal/padding.h"

namespace exhibit::seal {
namespace {

using testing::Unwrap;

constexpr std::uint64_t kNonce = 16;

crypto::RootHash ExampleRoot() {
  const Bytes bytes(32, 0xab);
  return *crypto::RootHash::From(bytes);
}
std::string ExampleLine() {
  std::string line = R"({"bytes":4128,"tail":4112,"root":")";
  for (int i = 0; i < 32; ++i) line += "ab";
  return line + "\"}\n";
}

Result<PayloadLayout> Create(std::uint64_t payload_bytes, std::uint64_t tail_bytes) {
  return PayloadLayout::Create({payload_bytes, tail_bytes}, {});
}

PayloadLayout For(std::uint64_t plaintext_bytes, std::uint64_t fields_at) {
  return Unwrap(PayloadLayout::Create(PayloadLayout::SizesFor(plaintext_bytes, fields_at), {}));
}

TEST_CASE("a layout is the line of the format's example, and has its hash", "[seal]") {
  const PayloadLayout layout = Unwrap(PayloadLayout::Create({4128, 4112}, ExampleRoot()));
  CHECK(layout.Line() == ExampleLine());
  CHECK(ToHex(layout.Digest().view()) == "d290ccc5edd10163ab9021f8360841e6e3c25778014c98b5bc808a556f1bc7c4");
  CHECK(Unwrap(PayloadLayout::Parse(ExampleLine())) == layout);
  CHECK(layout.plaintext_bytes() == 4096);
  CHECK(layout.tail_begin() == 0);
}

TEST_CASE("a layout in any other form is refused", "[seal]") {
  const std::string line = ExampleLine();
  for (std::size_t size = 0; size < line.size(); ++size) {
    CHECK_FAILS(PayloadLayout::Parse(line.substr(0, size)), ErrorCode::kInvalid, "layout: ");
  }
  for (std::size_t at = 0; at < line.size(); ++at) {
    std::string with_space = line;
    with_space.insert(at, 1, ' ');
    CAPTURE(with_space);
    CHECK_FAILS(PayloadLayout::Parse(with_space), ErrorCode::kInvalid, "layout: ");
  }
  const auto with = [&](std::string_view old, std::string_view other) {
    std::string changed = line;
    changed.replace(changed.find(old), old.size(), other);
    return PayloadLayout::Parse(changed);
  };
  CHECK_FAILS(with("4128", "04128"), ErrorCode::kInvalid, "layout: not a line");
  CHECK_FAILS(with("4128", "+4128"), ErrorCode::kInvalid, "layout: not a line");
  CHECK_FAILS(with("4128", "4128.0"), ErrorCode::kInvalid, "layout: not a line");
  CHECK_FAILS(with("4128", "\"4128\""), ErrorCode::kInvalid, "layout: not a line");
  CHECK_FAILS(with("4128", "18446744073709551616"), ErrorCode::kInvalid, "layout: not a line");
  CHECK_FAILS(with("\"abab", "\"ABab"), ErrorCode::kInvalid, "layout: root is not 64 lower-case hex digits");
  CHECK_FAILS(with("\"abab", "\"ab"), ErrorCode::kInvalid, "layout: root is not 64");
  CHECK_FAILS(with("}\n", "}\r\n"), ErrorCode::kInvalid, "layout: not a line");
  CHECK_FAILS(with("}\n", "}\n\n"), ErrorCode::kInvalid, "layout: ");
  CHECK_FAILS(with("}\n", ",\"more\":1}\n"), ErrorCode::kInvalid, "layout: ");
  CHECK_FAILS(with("\"tail\"", "\"Tail\""), ErrorCode::kInvalid, "layout: not a line");
  CHECK_FAILS(with("4112", "4113"), ErrorCode::kInvalid, "payload of 4128 bytes with a tail of 4113: too small");
}

void CheckAddsUp(const PayloadLayout& layout) {
  std::uint64_t offset = 0;
  std::uint64_t chunk = 0;
  for (std::uint64_t i = 0; i < layout.block_count(); ++i) {
    const PayloadLayout::Block block = layout.block(i);
    CAPTURE(i);
    CHECK(block.offset == offset);
    CHECK(block.bytes > 0);
    offset += block.bytes;
    if (i == 0) {
      CHECK(block.bytes == kNonce);
      continue;
    }
    CHECK(block.first_chunk == chunk);
    chunk += (block.bytes + kSealedChunkBytes - 1) / kSealedChunkBytes;
    const bool last = i == layout.tail_block();
    CHECK((block.end == RunEnd::kFinal) == last);
    if (!last) {
      CHECK(block.bytes % kSealedChunkBytes == 0);
      CHECK(block.bytes <= kBlockBytes);
      // Only the last block of content may be shorter.
      if (i + 1 < layout.tail_block()) CHECK(block.bytes == kBlockBytes);
    }
  }
  CHECK(offset == layout.payload_bytes());
  CHECK(chunk == layout.chunk_count());
  CHECK(layout.tail_block() == layout.block_count() - 1);
  CHECK(layout.block(layout.tail_block()).bytes == layout.tail_bytes());
  CHECK(SealedSize(layout.plaintext_bytes()) + kNonce == layout.payload_bytes());
}

TEST_CASE("blocks follow each other without a gap and add up to the payload", "[seal]") {
  for (const std::uint64_t at_least :
       {std::uint64_t{4096}, std::uint64_t{kChunkBytes}, std::uint64_t{kChunkBytes + 1},
        std::uint64_t{16 * kChunkBytes}, std::uint64_t{17 * kChunkBytes}, std::uint64_t{50 * kChunkBytes + 77}}) {
    const std::uint64_t plaintext = PaddedLength(at_least);
    for (const std::uint64_t fields : {std::uint64_t{60}, std::uint64_t{4000}, plaintext - 9}) {
      CAPTURE(plaintext, fields);
      const PayloadLayout layout = For(plaintext, plaintext - fields);
      CHECK(layout.plaintext_bytes() == plaintext);
      CheckAddsUp(layout);
      // The tail begins with the chunk that holds the first byte of the fields.
      CHECK(layout.tail_begin() == (plaintext - fields) / kChunkBytes * kChunkBytes);
      CHECK(Unwrap(PayloadLayout::Parse(layout.Line())) == layout);
    }
  }
}

TEST_CASE("a small item has two blocks: the nonce and the tail", "[seal]") {
  const PayloadLayout layout = For(4096, 4000);
  CHECK(layout.block_count() == 2);
  CHECK(layout.tail_block() == 1);
  CHECK(layout.block(1).offset == kNonce);
  CHECK(layout.block(1).bytes == 4096 + crypto::kAeadTagSize);
  CHECK(layout.block(1).first_chunk == 0);
}

TEST_CASE("sixteen chunks of content are one block, a seventeenth begins another", "[seal]") {
  CHECK(kBlockBytes == 1'048'832);
  const std::uint64_t plaintext = 18 * kChunkBytes;
  CHECK(For(plaintext, 16 * kChunkBytes).block_count() == 3);
  const PayloadLayout layout = For(plaintext, 17 * kChunkBytes);
  CHECK(layout.block_count() == 4);
  CHECK(layout.block(1).bytes == kBlockBytes);
  CHECK(layout.block(2).bytes == kSealedChunkBytes);
  CHECK(layout.block(2).first_chunk == 16);
}

TEST_CASE("a run of chunks has its place in the payload", "[seal]") {
  const PayloadLayout layout = For(18 * kChunkBytes, 17 * kChunkBytes);
  const PayloadLayout::Block run = layout.Chunks(3, 5);
  CHECK(run.offset == kNonce + 3 * kSealedChunkBytes);
  CHECK(run.bytes == 3 * kSealedChunkBytes);
  CHECK(run.first_chunk == 3);
  CHECK(run.end == RunEnd::kMoreFollow);
  CHECK(layout.Chunks(17, 17).end == RunEnd::kFinal);
}

TEST_CASE("a payload smaller than its nonce and tail is refused", "[seal]") {
  for (const auto& [payload, tail] :
       {std::pair<std::uint64_t, std::uint64_t>{0, 0}, {15, 0}, {0, 17}, {17, 17}, {kNonce + 99, 100}}) {
    CAPTURE(payload, tail);
    CHECK_FAILS(Create(payload, tail), ErrorCode::kInvalid, "too small");
  }
}

TEST_CASE("a tail that ends in an empty or torn chunk is refused", "[seal]") {
  CHECK_FAILS(Create(kNonce, 0), ErrorCode::kInvalid, "the last chunk is empty or cut off");
  for (const std::uint64_t rest : {1U, 15U, 16U}) {
    CAPTURE(rest);
    CHECK_FAILS(Create(kNonce + rest, rest), ErrorCode::kInvalid, "empty or cut off");
    const std::uint64_t tail = kSealedChunkBytes + rest;
    CHECK_FAILS(Create(kNonce + tail, tail), ErrorCode::kInvalid, "empty or cut off");
  }
  CHECK(Create(kNonce + kSealedChunkBytes, kSealedChunkBytes));
}

TEST_CASE("content before the tail is whole chunks", "[seal]") {
  const std::uint64_t tail = SealedSize(PaddedLength(2 * kChunkBytes + 1) - 2 * kChunkBytes);
  CHECK(Create(kNonce + 2 * kSealedChunkBytes + tail, tail));
  for (const std::uint64_t more : {std::uint64_t{1}, std::uint64_t{kSealedChunkBytes - 1}}) {
    CAPTURE(more);
    CHECK_FAILS(Create(kNonce + 2 * kSealedChunkBytes + more + tail, tail), ErrorCode::kInvalid,
                "the tail does not begin with a chunk");
  }
}

TEST_CASE("a plaintext that is not padded is refused", "[seal]") {
  CHECK_FAILS(Create(kNonce + 17, 17), ErrorCode::kInvalid, "its plaintext of 1 bytes is not padded");
  CHECK(Create(4128, 4112));
  CHECK_FAILS(Create(4127, 4111), ErrorCode::kInvalid, "its plaintext of 4095 bytes is not padded");
  CHECK_FAILS(Create(4129, 4113), ErrorCode::kInvalid, "its plaintext of 4097 bytes is not padded");
  CHECK(Create(kNonce + 4352 + 16, 4352 + 16));
}

TEST_CASE("sizes past the limits are refused, up to the largest number there is", "[seal]") {
  CHECK_FAILS(Create(kMaxPayloadBytes + 1, 17), ErrorCode::kInvalid, "too large");
  CHECK_FAILS(Create(UINT64_MAX, UINT64_MAX), ErrorCode::kInvalid, "too large");
  CHECK_FAILS(Create(UINT64_MAX, 17), ErrorCode::kInvalid, "too large");
  CHECK_FAILS(Create(kNonce + kMaxTailBytes + 1, kMaxTailBytes + 1), ErrorCode::kInvalid, "too large");
  // The largest plaintext whose tail is within the limit has one of it exactly, but for its padding.
  const auto sizes = PayloadLayout::SizesFor(20'447'232, 0);
  CHECK(sizes.tail_bytes <= kMaxTailBytes);
  CHECK(PayloadLayout::Create(sizes, {}));
}

TEST_CASE("a payload of petabytes has a layout without overflow", "[seal]") {
  const std::uint64_t plaintext = std::uint64_t{1} << 52;
  const PayloadLayout layout = For(plaintext, plaintext - 100);
  const PayloadLayout::Block tail = layout.block(layout.tail_block());
  CHECK(tail.offset + tail.bytes == layout.payload_bytes());
  CHECK(tail.first_chunk == plaintext / kChunkBytes - 1);
}

}  // namespace
}  // namespace exhibit::seal
