// Goal: from a function that reads stretches of a payload come fields, original and any part of it; what is not asked for
// is not read; and nothing that is not genuine comes out. Method: a source that counts its bytes, sizes around every
// boundary, and files whose key, layout, blocks or frames lie.
#include "vault/seal/item_reader.h"

#include "tests/seal/example_bytes.h"
#include "tests/seal/plaintexts.h"
#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "vault/base/parallel.h"

namespace exhibit::seal {
namespace {

using testing::LogLikeBytes;
using testing::RandomBytes;
using testing::Unwrap;
using testing_parts::kFieldLines;
using testing_parts::PlaintextParts;
using testing_parts::SealedPlaintext;

// Reads from memory, and counts.
struct Counting {
  const Bytes& payload;
  std::uint64_t bytes = 0;
  std::uint64_t reads = 0;

  PayloadSource source() {
    return [this](ByteRange range) -> Result<Bytes> {
      bytes += range.bytes;
      ++reads;
      const ByteView all = payload;
      if (range.offset > all.size()) return Bytes();
      const ByteView rest = all.subspan(range.offset);
      return ToBytes(rest.first(std::min<std::size_t>(rest.size(), range.bytes)));
    };
  }
};

PayloadSource FromMemory(const Bytes& payload) {
  return [&payload](ByteRange range) -> Result<Bytes> {
    return ToBytes(ByteView(payload).subspan(range.offset, range.bytes));
  };
}

Result<ItemReader> Open(const SealedPlaintext& sealed, PayloadSource source) {
  return ItemReader::Open(sealed.file_key, {sealed.commitment, sealed.layout, std::move(source)});
}
Result<ItemReader> Open(const SealedPlaintext& sealed) { return Open(sealed, FromMemory(sealed.payload)); }

Result<Bytes> Original(const ItemReader& reader, Pool* pool = nullptr) {
  Bytes original;
  TRY_VOID(reader.ReadOriginal(
      [&](ByteView piece) -> Result<void> {
        Append(original, piece);
        return {};
      },
      pool));
  return original;
}

Result<Bytes> Range(const ItemReader& reader, ByteRange range) {
  Bytes bytes;
  TRY_VOID(reader.ReadRange(range, [&](ByteView piece) -> Result<void> {
    Append(bytes, piece);
    return {};
  }));
  return bytes;
}

TEST_CASE("an item is opened by its tail, and gives its original back", "[seal]") {
  Pool pool(3);
  CAPTURE(testing::TestSeed());
  constexpr std::size_t kMiB = 1 << 20;
  // Random content is stored as it is: frames, chunks and blocks end near each other.
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{3000}, kChunkBytes - 9, kChunkBytes, kChunkBytes + 1, kMiB - 1,
        kMiB, kMiB + 1, 16 * kChunkBytes - 40, 17 * kChunkBytes, 3 * kMiB + 12'345}) {
    for (const Bytes& original : {RandomBytes(size, testing::TestSeed() + size), LogLikeBytes(size)}) {
      CAPTURE(size);
      const SealedPlaintext sealed = SealedPlaintext::Of(PlaintextParts::Of(original));
      Counting counting{sealed.payload};
      const ItemReader reader = Unwrap(Open(sealed, counting.source()));
      CHECK(counting.bytes == 16 + sealed.layout.tail_bytes());
      CHECK(reader.field_lines() == kFieldLines);
      CHECK(reader.original_bytes() == size);
      CHECK(Unwrap(Original(reader)) == original);
      CHECK(counting.bytes == 16 + sealed.payload.size());  // block 0 again, nothing else twice
      CHECK(Unwrap(Original(Unwrap(Open(sealed)), &pool)) == original);
    }
  }
}

TEST_CASE("a small file that is sealed at once is the same as one that is sealed in steps", "[seal]") {
  const X25519Identity identity = X25519Identity::Generate();
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{70'000}, kEarlyFrameBytes}) {
    const Bytes original = RandomBytes(size, 3);
    const NewSealedFile file = Unwrap(NewSealedFile::To({identity.recipient()}));
    const SmallSealedFile sealed = SealSmall(file, original, kFieldLines);
    CHECK(sealed.payload.size() == sealed.layout.payload_bytes());
    const AgeHeader header = Unwrap(ParseHeader(sealed.header)).header;
    REQUIRE_OK(CheckVaultHeader(header, StanzaKind::kX25519));
    std::vector<Identity> identities;
    identities.emplace_back(Unwrap(X25519Identity::Parse(identity.ToSecretText().ExposeSecret())));
    const FileKey file_key = Unwrap(OpenHeader(header, identities));
    const ItemReader reader =
        Unwrap(ItemReader::Open(file_key, {sealed.commitment, sealed.layout, FromMemory(sealed.payload)}));
    CHECK(Unwrap(Original(reader)) == original);
    crypto::CompactRange range;
    for (const crypto::LeafHash& hash : sealed.block_hashes) range.Append(hash);
    CHECK(range.Root() == sealed.layout.root());
  }
}

TEST_CASE("a stretch of the original is read without what is around it", "[seal]") {
  const std::uint64_t seed = testing::TestSeed();
  CAPTURE(seed);
  const Bytes original = RandomBytes((8 << 20) + 777, seed);
  const SealedPlaintext sealed = SealedPlaintext::Of(PlaintextParts::Of(original));
  Counting counting{sealed.payload};
  const ItemReader reader = Unwrap(Open(sealed, counting.source()));
  std::mt19937_64 generator(seed);
  std::vector<ByteRange> ranges = {
      {0, 1}, {0, original.size()}, {original.size() - 1, 1}, {(1 << 20) - 1, 2}, {1 << 20, 1 << 20}, {4 << 20, 10}};
  for (int i = 0; i < 60; ++i) {
    const std::uint64_t offset = generator() % original.size();
    ranges.push_back({offset, 1 + generator() % std::min<std::uint64_t>(original.size() - offset, 3 << 20)});
  }
  for (const ByteRange range : ranges) {
    CAPTURE(range.offset, range.bytes);
    counting.bytes = 0;
    const Bytes expected = ToBytes(ByteView(original).subspan(range.offset, range.bytes));
    REQUIRE(Unwrap(Range(reader, range)) == expected);
    REQUIRE(counting.bytes == reader.PayloadOf(range).bytes);
    // The frames that hold it, and at most a chunk before and after them.
    const std::uint64_t frames = FrameAt(range.offset + range.bytes - 1) - FrameAt(range.offset) + 1;
    REQUIRE(counting.bytes <= frames * MaxFrameBytes(kEarlyFrameBytes) + 2 * kSealedChunkBytes + frames * 17 * 16);
  }
  // Ten bytes of 8 MiB: one frame of 1 MiB and its neighbourhood.
  counting.bytes = 0;
  REQUIRE_OK(Range(reader, {(5 << 20) + 1000, 10}));
  CHECK(counting.bytes == 17 * kSealedChunkBytes);
}

TEST_CASE("a stretch of a small item is read from the tail, which is there already", "[seal]") {
  const Bytes original = LogLikeBytes(20'000);
  const SealedPlaintext sealed = SealedPlaintext::Of(PlaintextParts::Of(original));
  Counting counting{sealed.payload};
  const ItemReader reader = Unwrap(Open(sealed, counting.source()));
  counting.bytes = 0;
  CHECK(Unwrap(Range(reader, {100, 50})) == ToBytes(ByteView(original).subspan(100, 50)));
  CHECK(counting.bytes == 0);
  CHECK(Unwrap(Range(reader, {20'000, 0})).empty());
  CHECK_FAILS(Range(reader, {20'000, 1}), ErrorCode::kInvalid, "the original has only 20000");
  CHECK_FAILS(Range(reader, {20'001, 0}), ErrorCode::kInvalid, "the original has only 20000");
  CHECK_FAILS(Range(reader, {1, UINT64_MAX}), ErrorCode::kInvalid, "the original has only 20000");
}

TEST_CASE("a key that the entry does not commit to opens nothing, and nothing is read", "[seal]") {
  const SealedPlaintext sealed = SealedPlaintext::Of(PlaintextParts::Of(LogLikeBytes(1000)));
  Counting counting{sealed.payload};
  const FileKey other = crypto::RandomSecret<FileKeyTag, 16>();
  CHECK_FAILS(ItemReader::Open(other, {sealed.commitment, sealed.layout, counting.source()}), ErrorCode::kTampered,
              "another key than the entry commits to");
  CHECK(counting.reads == 0);
}

TEST_CASE("a payload that is cut off, changed or of another entry is refused", "[seal]") {
  const SealedPlaintext sealed = SealedPlaintext::Of(PlaintextParts::Of(RandomBytes(3 << 20, 1)));
  SealedPlaintext cut = SealedPlaintext::Of(PlaintextParts::Of({}));
  {
    Bytes payload = sealed.payload;
    payload.pop_back();
    Counting counting{payload};
    CHECK_FAILS(Open(sealed, counting.source()), ErrorCode::kTampered, "must be");
  }
  for (const std::uint64_t at : {std::uint64_t{0}, sealed.layout.payload_bytes() - 1}) {
    Bytes payload = sealed.payload;
    payload[at] ^= 1;
    CHECK_FAILS(Open(sealed, FromMemory(payload)), ErrorCode::kTampered, "authentication failed");
  }
  Bytes payload = sealed.payload;
  payload[2 << 20] ^= 1;
  const ItemReader reader = Unwrap(Open(sealed, FromMemory(payload)));
  CHECK_FAILS(Original(reader), ErrorCode::kTampered, "chunk 31: authentication failed");
  CHECK(Range(reader, {0, 1000}).has_value());
  CHECK_FAILS(Range(reader, {2'000'000, 100'000}), ErrorCode::kTampered, "chunk 31: authentication failed");
  // Blocks that are genuine, under another root.
  const auto other = Unwrap(PayloadLayout::Create({sealed.layout.payload_bytes(), sealed.layout.tail_bytes()}, {}));
  const ItemReader wrong_root =
      Unwrap(ItemReader::Open(sealed.file_key, {sealed.commitment, other, FromMemory(sealed.payload)}));
  CHECK_FAILS(Original(wrong_root), ErrorCode::kTampered, "not those under the entry's root");
}

TEST_CASE("layouts that lie are refused", "[seal]") {
  const PlaintextParts parts = PlaintextParts::Of(RandomBytes(300'000, 1));
  const Bytes plaintext = parts.Join();
  const std::uint64_t fields_at = plaintext.size() - parts.seek_table.size() - parts.fields.size();
  REQUIRE(Open(SealedPlaintext::Of(plaintext, fields_at)));
  // A tail that begins a chunk early or, if the fields are long, late.
  CHECK_FAILS(Open(SealedPlaintext::Of(plaintext, fields_at - kChunkBytes)), ErrorCode::kInvalid,
              "layout: the tail does not begin with the chunk that holds the beginning of the fields");
  CHECK_FAILS(Open(SealedPlaintext::Of(plaintext, 0)), ErrorCode::kInvalid, "layout: the tail does not begin");
  const PlaintextParts long_fields = PlaintextParts::Of(RandomBytes(3000, 1), std::string(200'000, 'x') + "\n");
  const Bytes long_plaintext = long_fields.Join();
  const std::uint64_t long_at = long_plaintext.size() - long_fields.seek_table.size() - long_fields.fields.size();
  CHECK(Unwrap(Open(SealedPlaintext::Of(long_plaintext, long_at))).field_lines().size() == 200'001);
  CHECK_FAILS(Open(SealedPlaintext::Of(long_plaintext, long_at + kChunkBytes)), ErrorCode::kInvalid,
              "layout: the tail does not begin");
}

TEST_CASE("a tail that lies is refused when it is opened, or when what it says is read", "[seal]") {
  const PlaintextParts good = PlaintextParts::Of(RandomBytes((2 << 20) + 9, 1));
  const auto open = [&](const PlaintextParts& parts) { return Open(SealedPlaintext::Of(parts)); };
  PlaintextParts parts = good;
  parts.seek_table.back() ^= 1;
  CHECK_FAILS(open(parts), ErrorCode::kInvalid, "seek table: the plaintext does not end in one");
  parts = good;
  parts.fields.back() ^= 1;
  CHECK_FAILS(open(parts), ErrorCode::kInvalid, "fields frame: does not end in EXHM");
  // Rows whose sum is right, and whose frames are not there.
  parts = good;
  std::vector<SeekRow> rows = good.Rows();
  rows[0].frame_bytes += 1;
  rows[1].frame_bytes -= 1;
  parts.seek_table = SeekTable::Encode(rows);
  const SealedPlaintext with_shifted_rows = SealedPlaintext::Of(parts);
  const ItemReader shifted = Unwrap(Open(with_shifted_rows));
  CHECK_FAILS(Range(shifted, {0, 10}), ErrorCode::kInvalid, "frame 0: not the one that the seek table says");
  CHECK_FAILS(Range(shifted, {1 << 20, 10}), ErrorCode::kInvalid, "frame 1: not a zstd frame");
  CHECK_FAILS(Original(shifted), ErrorCode::kInvalid, "seek table: not that of the frames before it");
  // The last frame holds one byte less, or more, than the table says.
  for (const std::uint32_t held : {8U, 10U}) {
    rows = good.Rows();
    rows[2].holds = held;
    parts.seek_table = SeekTable::Encode(rows);
    const SealedPlaintext with_other_row = SealedPlaintext::Of(parts);
    const ItemReader other = Unwrap(Open(with_other_row));
    CHECK(other.original_bytes() == (2 << 20) + held);
    CHECK_FAILS(Range(other, {(2 << 20) + 1, 2}), ErrorCode::kInvalid, held == 8 ? "are left" : "frame 2: not the one");
    CHECK_FAILS(Original(other), ErrorCode::kInvalid, held == 8 ? "are left of the original" : "seek table: not that");
  }
}

TEST_CASE("a frame that is longer than its row is refused", "[seal]") {
  PlaintextParts parts = PlaintextParts::Of(RandomBytes(3000, 1));
  std::vector<SeekRow> rows = parts.Rows();
  rows[0].frame_bytes -= 20;
  rows[1].frame_bytes += 20;
  parts.seek_table = SeekTable::Encode(rows);
  const SealedPlaintext sealed = SealedPlaintext::Of(parts);
  const ItemReader reader = Unwrap(Open(sealed));
  CHECK_FAILS(Range(reader, {0, 10}), ErrorCode::kInvalid, "the frames are longer than the seek table says");
  CHECK_FAILS(Original(reader), ErrorCode::kInvalid, "seek table: not that of the frames before it");
}

}  // namespace
}  // namespace exhibit::seal
