// Goal: a file that is written with holes, and one that is read over its holes, has the bytes that it would have without them; and
// holes are left only where somebody asked for it. Method: the same content in pieces of all sizes, made of data and zeros that
// begin and end beside, at and across the boundaries of blocks, and at either end of the file; and as one hole.
#include "vault/base/sparse_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "vault/base/zeros.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 4096;
constexpr std::size_t kMiB = 1 << 20;

struct Stretch {
  std::size_t bytes;
  std::uint8_t byte;
};

Bytes Content(const std::vector<Stretch>& stretches) {
  Bytes content;
  for (const Stretch& stretch : stretches) content.insert(content.end(), stretch.bytes, stretch.byte);
  return content;
}

std::vector<Bytes> Contents() {
  return {{},
          Content({{1, 0}}),
          Content({{kBlock, 0}}),
          Content({{3 * kMiB, 0}}),
          Content({{5 * kBlock, 0}, {1, 'a'}}),
          Content({{1, 'a'}, {5 * kBlock, 0}}),
          Content({{kBlock - 1, 0}, {2, 'a'}, {3 * kBlock, 0}, {7, 'b'}, {kBlock + 9, 0}}),
          Content({{kBlock, 'a'}, {kBlock, 0}, {kBlock, 'b'}, {kBlock, 0}}),
          Content({{kMiB, 'a'}, {2 * kMiB + 5, 0}, {kMiB, 'b'}, {kMiB, 0}}),
          Content({{3 * kBlock, 0}, {kBlock / 2, 'a'}})};
}

struct Room {
  std::uint64_t bytes;
  std::uint64_t on_disk;
};
Room RoomOf(const fs::path& path) {
  struct ::stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return {static_cast<std::uint64_t>(status.st_size), static_cast<std::uint64_t>(status.st_blocks) * 512};
}

struct Sparse {
  TemporaryFolder folder;
  int files = 0;

  fs::path Write(ByteView content, std::size_t piece, ZeroBlocks zeros) {
    const fs::path path = folder.path() / std::to_string(++files);
    SparseWriter writer(Unwrap(CreateNew(path, 0600)), path, zeros);
    for (ByteView rest = content; !rest.empty(); rest = rest.subspan(std::min(piece, rest.size()))) {
      REQUIRE_OK(writer.Write(rest.first(std::min(piece, rest.size()))));
    }
    REQUIRE_OK(writer.Finish());
    CHECK(writer.bytes() == content.size());
    if (zeros == ZeroBlocks::kAreWritten) CHECK(writer.written_bytes() == content.size());
    return path;
  }
  static Bytes ReadInPieces(const fs::path& path) {
    PieceReader reader = Unwrap(PieceReader::Open(path));
    Bytes all;
    for (;;) {
      const ByteView piece = Unwrap(reader.Next());
      if (piece.empty()) return all;
      Append(all, piece);
    }
  }
};

}  // namespace

TEST_CASE("what is written with holes has the same bytes, in pieces of any size", "[base]") {
  Sparse sparse;
  for (const Bytes& content : Contents()) {
    for (const std::size_t piece : {std::size_t{4095}, kBlock, std::size_t{70'001}, 4 * kMiB}) {
      for (const ZeroBlocks zeros : {ZeroBlocks::kBecomeHoles, ZeroBlocks::kAreWritten}) {
        const fs::path path = sparse.Write(content, piece, zeros);
        CHECK(Unwrap(ReadFile(path, 8 * kMiB)) == content);
        CHECK(Sparse::ReadInPieces(path) == content);
      }
    }
  }
}

TEST_CASE("random stretches come back, whatever the pieces", "[base]") {
  Sparse sparse;
  std::mt19937 random(7);
  const auto some = [&](std::size_t most) { return std::uniform_int_distribution<std::size_t>(1, most)(random); };
  for (int turn = 0; turn < 60; ++turn) {
    std::vector<Stretch> stretches;
    for (std::size_t i = some(8); i-- > 0;)
      stretches.push_back({some(turn % 2 == 0 ? 3 * kBlock : 2 * kMiB), std::uint8_t(i % 2)});
    const Bytes content = Content(stretches);
    CAPTURE(turn, content.size());
    const fs::path path = sparse.Write(content, some(2 * kMiB), ZeroBlocks::kBecomeHoles);
    CHECK(Unwrap(ReadFile(path, 64 * kMiB)) == content);
    CHECK(Sparse::ReadInPieces(path) == content);
  }
}

TEST_CASE("blocks of zeros take no room where they become holes, and room where they do not", "[base]") {
  Sparse sparse;
  const Bytes content = Content({{4 * kMiB, 0}, {kBlock, 'a'}, {4 * kMiB, 0}});
  const Room written = RoomOf(sparse.Write(content, kMiB, ZeroBlocks::kAreWritten));
  const Room left_out = RoomOf(sparse.Write(content, kMiB, ZeroBlocks::kBecomeHoles));
  CHECK(written.bytes == content.size());
  CHECK(left_out.bytes == content.size());
  if (written.on_disk < content.size()) {
    WARN("this file system has holes of its own, or none");
    return;
  }
  CHECK(left_out.on_disk <= 64 * kBlock);
  CHECK(RoomOf(sparse.Write(Content({{3 * kMiB, 0}}), kMiB, ZeroBlocks::kBecomeHoles)).on_disk == 0);
}

TEST_CASE("only a whole hole is passed over, and the next read begins after it", "[base]") {
  Sparse sparse;
  const fs::path path =
      sparse.Write(Content({{2 * kMiB, 0}, {kBlock, 'a'}, {kMiB, 0}}), kMiB, ZeroBlocks::kBecomeHoles);
  const FileDescriptor file = Unwrap(OpenForReading(path));
  struct ::stat status {};
  REQUIRE(::fstat(file.get(), &status) == 0);
  if (status.st_blocks * 512 >= status.st_size) {
    WARN("no holes here");
    return;
  }
  const HolePasser holes(file, status);
  CHECK_FALSE(HolePasser().PassOver(file, 1));
  CHECK(holes.PassOver(file, kMiB));
  CHECK_FALSE(holes.PassOver(file, kMiB + 1));
  CHECK(holes.PassOver(file, kMiB));
  CHECK_FALSE(holes.PassOver(file, 1));
  Bytes data(kBlock);
  CHECK(Unwrap(ReadFull(file, data, path)) == kBlock);
  CHECK(data == Bytes(kBlock, 'a'));
  CHECK_FALSE(holes.PassOver(file, kMiB + 1));
  CHECK(holes.PassOver(file, kMiB));
  CHECK_FALSE(holes.PassOver(file, 1));
  CHECK(holes.IsHole(file, 1, kMiB));
  CHECK_FALSE(holes.IsHole(file, 2 * kMiB - 1, 2));
}

TEST_CASE("a file that grows behind its hole is read to where it ends now", "[base]") {
  Sparse sparse;
  const fs::path path = sparse.Write(Content({{kMiB, 0}}), kMiB, ZeroBlocks::kBecomeHoles);
  PieceReader reader = Unwrap(PieceReader::Open(path));
  REQUIRE(::truncate(path.c_str(), 3 * kMiB + 5) == 0);
  std::size_t bytes = 0;
  for (;;) {
    const ByteView piece = Unwrap(reader.Next());
    if (piece.empty()) break;
    CHECK(IsZero(piece));
    bytes += piece.size();
  }
  CHECK(bytes == 3 * kMiB + 5);
}

TEST_CASE("what is no plain file is not read", "[base]") {
  TemporaryFolder folder;
  CHECK_FALSE(PieceReader::Open(folder.path()));
  CHECK_FALSE(PieceReader::Open(folder.path() / "missing"));
  fs::create_symlink("/etc/passwd", folder.path() / "link");
  CHECK_FALSE(PieceReader::Open(folder.path() / "link"));
}

}  // namespace exhibit::testing
