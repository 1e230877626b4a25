// Goal: a tree that grows over restarts has the same tiles and roots as one built at once, and a
// damaged or missing tile is an error. Method: the 70,000-leaf vectors, and reopening at every
// size.
#include "vault/tlog/tree.h"

#include <map>
#include <set>

#include "tests/support/check.h"
#include "tests/tlog/log_on_tiles.h"
#include "vault/crypto/hash.h"

namespace exhibit::tlog {
namespace {

using testing::LeafText;
using testing::LogOnTiles;
using testing::TilesInMemory;
using testing::Unwrap;

LeafHash Leaf(std::uint64_t i) { return HashLeaf(ViewOf(LeafText(i))); }

std::string TileDigest(TilesInMemory& tiles, std::uint32_t level, std::uint64_t index) {
  return ToHex(crypto::Sha256(tiles.At(level, index)).view());
}

TEST_CASE("a tree of 70,000 leaves has the roots and tiles of the vectors", "[tree]") {
  const std::map<std::uint64_t, std::string> roots = {
      {1, "1bb97dcc21635d47e2663efdfd0a174686d98dd701352dd2cd06e8b43fd3d305"},
      {2, "fc5f6b88ff8554f75bb2f9e6f39c31b1936d44b69276edf7b1205a955b9761e3"},
      {100, "13f88915c560dc911a1da0fb209d84a20971051f294ebeb428fb3fc293af2743"},
      {255, "d71592a219d4067663eede247f9b54c3f9e0290682d55de09b495b07f1de41c9"},
      {256, "cf5effdb11d0927a2edf53b0e73c7837f659414e00537da5d90eb5c4c49ff274"},
      {257, "855b936aa00cb98b5114484249ad39d78a6be93623e26c01e8e487dc02184a5a"},
      {65'535, "b592480df20f0dd456e39db9cdb0a1fa85f3617ec2d30cffc52760c38776f393"},
      {65'536, "e100ba54d69a91012fc13b7890feac78d6996a097268b6f735d17311c7402a60"},
      {65'537, "689b22742cab2adeb36ba622ff2736336464858f5de4a2c02f33bf163e7dca5f"},
      {70'000, "da0532ff7b2ee56f4067110fc964e9f27b5959f9527bfff3fa501aa7584deaf3"}};
  LogOnTiles log;
  std::size_t compared = 0;
  for (std::uint64_t i = 0; i < 70'000; ++i) {
    log.tree.Append(Leaf(i));
    const auto root = roots.find(i + 1);
    if (root == roots.end()) continue;
    CHECK(ToHex(log.tree.Root().view()) == root->second);
    ++compared;
  }
  CHECK(compared == roots.size());
  log.tiles.Store(log.tree.TakeChangedTiles());

  // 273 full and a partial one, one full and a partial one, a partial one.
  CHECK(log.tiles.count() == 274 + 2 + 1);
  CHECK(TileDigest(log.tiles, 0, 0) == "3658d44ebeb979b996b87ac966392dffbe9a628e34cb70bbff0ba844e74c31c6");
  CHECK(TileDigest(log.tiles, 0, 272) == "6e6ad197e3dcdc3de3cb289181074c47a38b03a920bb52e1eeebb620d4f45e76");
  CHECK(TileDigest(log.tiles, 0, 273) == "a8e4ee4e4f31c2fac9bb546b9b57c22f6c92e15c11adee487d09ebc926ab3ad7");
  CHECK(TileDigest(log.tiles, 1, 0) == "7b8fc3b25031a7c9b1a317c9453f6f293b414e958d0e80a765be6f00930c3984");
  CHECK(TileDigest(log.tiles, 1, 1) == "f1b11556adcce30fcd3fca6ef542ccf6a4319ab92143fb7c8f6c8f1d2e08209e");
  CHECK(TileDigest(log.tiles, 2, 0) == "d84406334bc5243eb04ecd6b99e64380d67aaa2b2880a838a123e1b539927708");
}

TEST_CASE("a tree of 256 leaves is a full tile and a partial one of width 1 above it", "[tree]") {
  GrowingTree tree;
  for (std::uint64_t i = 0; i < 256; ++i) tree.Append(Leaf(i));
  const auto tiles = tree.TakeChangedTiles();
  REQUIRE(tiles.size() == 2);
  CHECK(TilePath(tiles[0].id) == "tile/0/000");
  CHECK(TilePath(tiles[1].id) == "tile/1/000.p/1");
  CHECK(Equal(tiles[1].bytes, tree.Root().view()));
}

TEST_CASE("a full tile is handed out once, a partial one each time it has grown", "[tree]") {
  GrowingTree tree;
  std::multiset<std::string> full;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    tree.Append(Leaf(i));
    for (const auto& tile : tree.TakeChangedTiles()) {
      CHECK(tile.bytes.size() == tile.id.width * NodeHash::kSize);
      if (tile.id.width == kTileWidth) full.insert(TilePath(tile.id));
    }
    CHECK(tree.TakeChangedTiles().empty());
  }
  CHECK(full == std::multiset<std::string>{"tile/0/000", "tile/0/001", "tile/0/002"});
}

TEST_CASE("a batch gives the widest partial tile only", "[tree]") {
  GrowingTree tree;
  for (std::uint64_t i = 0; i < 300; ++i) tree.Append(Leaf(i));
  std::set<std::string> paths;
  for (const auto& tile : tree.TakeChangedTiles()) paths.insert(TilePath(tile.id));
  CHECK(paths == std::set<std::string>{"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"});
}

// Appends one leaf to the tree reopened from `tiles` and compares with `fresh`, which never closed.
void ReopenAndGrow(TilesInMemory& tiles, GrowingTree& fresh) {
  const TreeSize size = fresh.size();
  CAPTURE(size.value);
  auto reopened = Unwrap(GrowingTree::Open(size, tiles));
  REQUIRE(reopened.size() == size);
  REQUIRE(reopened.Root() == fresh.Root());
  REQUIRE(reopened.TakeChangedTiles().empty());
  reopened.Append(Leaf(size.value));
  fresh.Append(Leaf(size.value));
  REQUIRE(reopened.Root() == fresh.Root());
  const auto ours = reopened.TakeChangedTiles();
  const auto theirs = fresh.TakeChangedTiles();
  REQUIRE(ours.size() == theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    REQUIRE(ours[i].id == theirs[i].id);
    REQUIRE(ours[i].bytes == theirs[i].bytes);
  }
  tiles.Store(ours);
}

TEST_CASE("a tree reopened at every size up to 600 grows as one that never closed", "[tree]") {
  TilesInMemory tiles;
  GrowingTree fresh;
  CompactRange leaves;
  for (std::uint64_t i = 0; i < 600; ++i) {
    ReopenAndGrow(tiles, fresh);
    leaves.Append(Leaf(i));
    REQUIRE(fresh.Root() == leaves.Root());
  }
}

TEST_CASE("a tree reopened around 65,536 leaves grows as one that never closed", "[tree]") {
  LogOnTiles log;
  CompactRange leaves;
  for (std::uint64_t i = 0; i < 65'530; ++i) {
    log.tree.Append(Leaf(i));
    leaves.Append(Leaf(i));
  }
  log.tiles.Store(log.tree.TakeChangedTiles());
  for (std::uint64_t i = 65'530; i < 65'545; ++i) {
    ReopenAndGrow(log.tiles, log.tree);
    leaves.Append(Leaf(i));
    REQUIRE(log.tree.Root() == leaves.Root());
  }
}

TEST_CASE("opening reads at most one tile a level", "[tree]") {
  LogOnTiles log;
  for (std::uint64_t i = 0; i < 70'000; ++i) log.tree.Append(Leaf(i));
  log.tiles.Store(log.tree.TakeChangedTiles());
  REQUIRE_OK(GrowingTree::Open({70'000}, log.tiles));
  CHECK(log.tiles.reads() == 3);
}

TEST_CASE("a tree opens at a smaller size from tiles that have grown since", "[tree]") {
  LogOnTiles log;
  std::map<std::uint64_t, RootHash> roots;
  for (std::uint64_t i = 0; i < 400; ++i) {
    log.AppendEntry(LeafText(i));
    roots[i + 1] = log.tree.Root();
  }
  // 300 is 256 + 44; the tiles in the store are those of 400.
  CHECK(Unwrap(GrowingTree::Open({300}, log.tiles)).Root() == roots.at(300));
  CHECK(Unwrap(GrowingTree::Open({255}, log.tiles)).Root() == roots.at(255));
}

TEST_CASE("a copy of the tree undoes a commit that failed", "[tree]") {
  LogOnTiles log;
  for (std::uint64_t i = 0; i < 250; ++i) log.AppendEntry(LeafText(i));
  const GrowingTree before = log.tree;
  for (std::uint64_t i = 0; i < 20; ++i) log.tree.Append(HashLeaf(ViewOf("never stored")));
  log.tree = before;
  for (std::uint64_t i = 250; i < 270; ++i) log.AppendEntry(LeafText(i));
  GrowingTree fresh;
  for (std::uint64_t i = 0; i < 270; ++i) fresh.Append(Leaf(i));
  CHECK(log.tree.Root() == fresh.Root());
}

TEST_CASE("a tile that is missing, short or ragged is an error with its path", "[tree]") {
  LogOnTiles log;
  for (std::uint64_t i = 0; i < 300; ++i) log.AppendEntry(LeafText(i));
  const Bytes good = log.tiles.At(0, 1);

  log.tiles.At(0, 1).resize(good.size() - 32);
  CHECK_FAILS(GrowingTree::Open({300}, log.tiles), ErrorCode::kTampered, "tile/0/001.p/44: holds 1376 bytes");
  log.tiles.At(0, 1).resize(good.size() + 1);
  CHECK_FAILS(GrowingTree::Open({300}, log.tiles), ErrorCode::kTampered, "not 44 hashes");
  log.tiles.At(0, 1).resize(257 * 32);
  CHECK_FAILS(GrowingTree::Open({300}, log.tiles), ErrorCode::kTampered, "holds 8224 bytes");
  CHECK_FAILS(GrowingTree::Open({300}, TilesInMemory()), ErrorCode::kNotFound, "tile/1/000.p/1");
}

TEST_CASE("a flipped bit in a tile shows in the root", "[tree]") {
  LogOnTiles log;
  for (std::uint64_t i = 0; i < 300; ++i) log.AppendEntry(LeafText(i));
  log.tiles.At(0, 1)[17] ^= 1;
  CHECK(Unwrap(GrowingTree::Open({300}, log.tiles)).Root() != log.tree.Root());
}

}  // namespace
}  // namespace exhibit::tlog
