// Goal: proofs are made and checked as RFC 6962 and RFC 9162 say, and no altered proof is accepted.
// Method: accumulated vectors over every proof of the trees up to 130 leaves, the public JSON
// vectors of transparency-dev/merkle, our own positive and negative ones, and every one-bit change.
#include "vault/tlog/proof.h"

#include <bit>

#include "tests/support/check.h"
#include "tests/support/vectors.h"
#include "tests/tlog/log_on_tiles.h"
#include "tests/tlog/merkle_vectors.h"
#include "vault/crypto/hash.h"

namespace exhibit::tlog {
namespace {

using testing::HashIn;
using testing::LeafText;
using testing::LogOnTiles;
using testing::ProofIn;
using testing::RootIn;
using testing::Unwrap;

using Numbers = std::vector<std::uint64_t>;

// A log whose entry i is the single byte i, with the root at every size.
struct ByteLog {
  explicit ByteLog(std::uint64_t size) {
    for (std::uint64_t i = 0; i < size; ++i) {
      const std::uint8_t byte = static_cast<std::uint8_t>(i);
      leaves.push_back(HashLeaf(ByteView(&byte, 1)));
      log.Append(leaves.back());
      roots.push_back(log.tree.Root());
    }
  }
  const RootHash& RootAt(std::uint64_t size) const { return roots[size]; }

  LogOnTiles log;
  std::vector<LeafHash> leaves;
  std::vector<RootHash> roots = {EmptyRoot()};
};

std::string ProofLine(std::string line, const ProofHashes& proof) {
  for (const NodeHash& hash : proof) line += " " + ToHex(hash.view());
  return line + "\n";
}

std::string Accumulated(const std::string& lines) { return ToHex(crypto::Sha256(ViewOf(lines)).view()); }

TEST_CASE("the roots up to 130 leaves accumulate to the vector", "[proof]") {
  const ByteLog bytes(130);
  std::string lines;
  for (std::uint64_t n = 0; n <= 130; ++n) {
    lines += std::to_string(n) + " " + ToHex(bytes.RootAt(n).view()) + "\n";
  }
  CHECK(Accumulated(lines) == "9c67f07f906103b6bf201842a50ff0b8c91fca9b3e211334a6b7aa3133165dec");
  CHECK(ToHex(bytes.RootAt(130).view()) == "f05d2f5ef24c72dd70b0a8f28e576b3acaf944c00e014524c47aa42325d7d1c3");
}

TEST_CASE("all 8,515 inclusion proofs up to 130 leaves accumulate to the vector", "[proof]") {
  const ByteLog bytes(130);
  std::string lines;
  int proofs = 0;
  for (std::uint64_t n = 1; n <= 130; ++n) {
    for (std::uint64_t i = 0; i < n; ++i) {
      const ProofHashes proof = Unwrap(ProveInclusion(bytes.log.tiles, {i}, {n}));
      REQUIRE_OK(CheckInclusion(bytes.leaves[i], {i}, {n}, proof, bytes.RootAt(n)));
      lines += ProofLine(std::to_string(i) + " " + std::to_string(n), proof);
      ++proofs;
    }
  }
  CHECK(proofs == 8515);
  CHECK(Accumulated(lines) == "893ce6eea61adc33c22c0e3a952498b76dfa3c282e78ac659f6fcc0ea44f9983");
}

TEST_CASE("all 8,515 consistency proofs up to 130 leaves accumulate to the vector", "[proof]") {
  const ByteLog bytes(130);
  std::string lines;
  int proofs = 0;
  for (std::uint64_t n = 1; n <= 130; ++n) {
    for (std::uint64_t m = 1; m <= n; ++m) {
      const ProofHashes proof = Unwrap(ProveConsistency(bytes.log.tiles, {m}, {n}));
      REQUIRE_OK(CheckConsistency({{m}, bytes.RootAt(m)}, {{n}, bytes.RootAt(n)}, proof));
      lines += ProofLine(std::to_string(m) + " " + std::to_string(n), proof);
      ++proofs;
    }
  }
  CHECK(proofs == 8515);
  CHECK(Accumulated(lines) == "2498232e1aebe8d1aa8d339d897fc471f4495fe0b8a55ac08f7dae3d88bc4c2a");
}

TEST_CASE("proofs across many tiles hold, and read a few tiles only", "[proof]") {
  LogOnTiles log;
  std::vector<RootHash> roots = {EmptyRoot()};
  for (std::uint64_t i = 0; i < 70'000; ++i) {
    log.tree.Append(HashLeaf(ViewOf(LeafText(i))));
    roots.push_back(log.tree.Root());
  }
  log.tiles.Store(log.tree.TakeChangedTiles());
  for (const std::uint64_t n : Numbers{1, 255, 256, 257, 65'535, 65'536, 65'537, 65'793, 70'000}) {
    for (const std::uint64_t i : Numbers{0, 1, 255, 256, 65'535, 65'536, 69'999}) {
      if (i >= n) continue;
      CAPTURE(i, n);
      const std::size_t before = log.tiles.reads();
      const ProofHashes proof = Unwrap(ProveInclusion(log.tiles, {i}, {n}));
      // The tiles of the leaf's path and those of the right edge, one of each a level.
      CHECK(log.tiles.reads() - before <= 6);
      REQUIRE_OK(CheckInclusion(HashLeaf(ViewOf(LeafText(i))), {i}, {n}, proof, roots[n]));
    }
    for (const std::uint64_t m : Numbers{1, 255, 256, 257, 4096, 65'535, 65'536, 65'537, 70'000}) {
      if (m > n) continue;
      CAPTURE(m, n);
      const std::size_t before = log.tiles.reads();
      const ProofHashes proof = Unwrap(ProveConsistency(log.tiles, {m}, {n}));
      CHECK(log.tiles.reads() - before <= 6);
      REQUIRE_OK(CheckConsistency({{m}, roots[m]}, {{n}, roots[n]}, proof));
    }
  }
}

TEST_CASE("no bit of an inclusion proof can be changed", "[proof]") {
  const ByteLog bytes(11);
  for (std::uint64_t i = 0; i < 11; ++i) {
    const ProofHashes good = Unwrap(ProveInclusion(bytes.log.tiles, {i}, {11}));
    for (std::size_t hash = 0; hash < good.size(); ++hash) {
      for (std::size_t bit = 0; bit < 256; ++bit) {
        ProofHashes bad = good;
        bad[hash].mutable_view()[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        CHECK_FAILS(CheckInclusion(bytes.leaves[i], {i}, {11}, bad, bytes.RootAt(11)), ErrorCode::kTampered,
                    "inclusion proof: does not lead to the root");
      }
    }
  }
}

TEST_CASE("an inclusion proof fits one position, size and leaf only", "[proof]") {
  const ByteLog bytes(40);
  for (std::uint64_t i = 0; i < 33; ++i) {
    const ProofHashes proof = Unwrap(ProveInclusion(bytes.log.tiles, {i}, {33}));
    for (std::uint64_t other = 0; other < 33; ++other) {
      if (other == i) continue;
      CHECK_FAILS(CheckInclusion(bytes.leaves[i], {other}, {33}, proof, bytes.RootAt(33)), ErrorCode::kTampered,
                  "inclusion proof");
      CHECK_FAILS(CheckInclusion(bytes.leaves[other], {i}, {33}, proof, bytes.RootAt(33)), ErrorCode::kTampered,
                  "does not lead to the root");
    }
  }
}

TEST_CASE("an inclusion proof of the wrong length is refused by name", "[proof]") {
  const ByteLog bytes(8);
  ProofHashes proof = Unwrap(ProveInclusion(bytes.log.tiles, {3}, {8}));
  const NodeHash last = proof.back();
  proof.pop_back();
  CHECK_FAILS(CheckInclusion(bytes.leaves[3], {3}, {8}, proof, bytes.RootAt(8)), ErrorCode::kTampered,
              "inclusion proof: has too few hashes");
  proof.push_back(last);
  proof.push_back(last);
  CHECK_FAILS(CheckInclusion(bytes.leaves[3], {3}, {8}, proof, bytes.RootAt(8)), ErrorCode::kTampered,
              "inclusion proof: has too many hashes");
}

TEST_CASE("impossible positions and sizes are refused before anything is hashed", "[proof]") {
  const ByteLog bytes(8);
  CHECK_FAILS(ProveInclusion(bytes.log.tiles, {8}, {8}), ErrorCode::kInvalid, "no entry 8 in a tree of 8");
  CHECK_FAILS(ProveInclusion(bytes.log.tiles, {0}, {0}), ErrorCode::kInvalid, "no entry 0 in a tree of 0");
  CHECK_FAILS(ProveConsistency(bytes.log.tiles, {0}, {8}), ErrorCode::kInvalid, "from size 0 to 8");
  CHECK_FAILS(ProveConsistency(bytes.log.tiles, {8}, {7}), ErrorCode::kInvalid, "from size 8 to 7");
  CHECK_FAILS(CheckInclusion(bytes.leaves[0], {0}, {0}, {}, EmptyRoot()), ErrorCode::kInvalid,
              "position 0 is not in a tree of 0");
  CHECK_FAILS(CheckConsistency({{0}, EmptyRoot()}, {{8}, bytes.RootAt(8)}, {}), ErrorCode::kInvalid,
              "consistency proof: from size 0 to 8");
  CHECK_FAILS(CheckConsistency({{8}, bytes.RootAt(8)}, {{7}, bytes.RootAt(7)}, {}), ErrorCode::kInvalid,
              "from size 8 to 7");
}

TEST_CASE("a consistency proof names what does not hold", "[proof]") {
  const ByteLog bytes(8);
  const SignedSize old_tree{{6}, bytes.RootAt(6)};
  const SignedSize new_tree{{8}, bytes.RootAt(8)};
  const ProofHashes good = Unwrap(ProveConsistency(bytes.log.tiles, {6}, {8}));
  REQUIRE(good.size() == 3);

  ProofHashes bad = good;
  bad.pop_back();
  CHECK_FAILS(CheckConsistency(old_tree, new_tree, bad), ErrorCode::kTampered, "too few hashes");
  CHECK_FAILS(CheckConsistency(old_tree, new_tree, {}), ErrorCode::kTampered, "too few hashes");
  bad = good;
  bad.push_back(good.back());
  CHECK_FAILS(CheckConsistency(old_tree, new_tree, bad), ErrorCode::kTampered, "too many hashes");
  CHECK_FAILS(CheckConsistency({{6}, bytes.RootAt(5)}, new_tree, good), ErrorCode::kTampered,
              "does not lead to the old root");
  CHECK_FAILS(CheckConsistency(old_tree, {{8}, bytes.RootAt(7)}, good), ErrorCode::kTampered,
              "does not lead to the new root");
  CHECK_FAILS(CheckConsistency(old_tree, {{6}, bytes.RootAt(5)}, {}), ErrorCode::kTampered, "two roots of one size");
  CHECK_FAILS(CheckConsistency(old_tree, old_tree, good), ErrorCode::kTampered,
              "has hashes, though the sizes are equal");
}

TEST_CASE("a prover asked about a tree as large as can be does not crash", "[proof]") {
  // Every tile is there and holds rubbish: only the arithmetic is at stake.
  class Rubbish : public TileReader {
   public:
    Result<Bytes> ReadTile(const TileId& id) const override { return Bytes(id.width * NodeHash::kSize, 0x5a); }
  };
  const std::uint64_t largest = ~std::uint64_t{0};
  for (const std::uint64_t size : Numbers{largest, largest / 2 + 1, largest / 2 + 2, largest / 2}) {
    CAPTURE(size);
    CHECK(Unwrap(ProveInclusion(Rubbish(), {0}, {size})).size() <= 64);
    CHECK(Unwrap(ProveInclusion(Rubbish(), {size - 1}, {size})).size() <= 64);
    CHECK(Unwrap(ProveConsistency(Rubbish(), {size / 2 + 1}, {size})).size() <= 65);
    REQUIRE_OK(GrowingTree::Open({size}, Rubbish()));
  }
}

TEST_CASE("a missing or damaged tile stops a prover", "[proof]") {
  ByteLog bytes(200);
  bytes.log.tiles.At(0, 0).resize(199 * 32);
  CHECK_FAILS(ProveInclusion(bytes.log.tiles, {3}, {200}), ErrorCode::kTampered, "tile/0/000.p/200: holds");
  CHECK_FAILS(ProveConsistency(bytes.log.tiles, {3}, {300}), ErrorCode::kNotFound, "tile/0/001.p/44");
}

// ---- Public and own JSON vectors.

bool InclusionHolds(const nlohmann::json& row, const char* index_name, const char* size_name) {
  const auto leaf = HashIn<LeafHash>(row.at(index_name == std::string("leafIdx") ? "leafHash" : "leaf_hash"));
  const auto proof = ProofIn(row.at("proof"));
  return leaf && proof &&
         CheckInclusion(*leaf, {row.at(index_name).get<std::uint64_t>()}, {row.at(size_name).get<std::uint64_t>()},
                        *proof, RootIn(row.at("root")));
}

bool ConsistencyHolds(const nlohmann::json& row) {
  const auto proof = ProofIn(row.at("proof"));
  return proof && CheckConsistency({{row.at("size1").get<std::uint64_t>()}, RootIn(row.at("root1"))},
                                   {{row.at("size2").get<std::uint64_t>()}, RootIn(row.at("root2"))}, *proof);
}

TEST_CASE("the 65 public inclusion vectors hold or fail as they say", "[proof][vectors]") {
  const auto folder = testing::VectorFolder("merkle");
  SKIP_WITHOUT(folder, "the public Merkle vectors are not on this machine");
  int good = 0;
  int bad = 0;
  for (const auto& file : testing::FilesBelow(*folder / "inclusion", ".json")) {
    CAPTURE(file.string());
    const auto row = testing::ReadJson(file);
    const bool want_error = row.at("wantErr").get<bool>();
    CHECK(InclusionHolds(row, "leafIdx", "treeSize") == !want_error);
    ++(want_error ? bad : good);
  }
  CHECK(good == 6);
  CHECK(bad == 59);
}

TEST_CASE("the 66 public consistency vectors hold or fail as they say", "[proof][vectors]") {
  const auto folder = testing::VectorFolder("merkle");
  SKIP_WITHOUT(folder, "the public Merkle vectors are not on this machine");
  int good = 0;
  int bad = 0;
  for (const auto& file : testing::FilesBelow(*folder / "consistency", ".json")) {
    CAPTURE(file.string());
    const auto row = testing::ReadJson(file);
    const bool want_error = row.at("wantErr").get<bool>();
    CHECK(ConsistencyHolds(row) == !want_error);
    ++(want_error ? bad : good);
  }
  CHECK(good == 3);
  CHECK(bad == 63);
}

TEST_CASE("our 136 inclusion and 136 consistency vectors hold", "[proof]") {
  const auto vectors = testing::ReadJson(testing::OwnVector("tlog/own-vectors.json")).at("merkle");
  REQUIRE(vectors.at("inclusion").size() == 136);
  REQUIRE(vectors.at("consistency").size() == 136);
  for (const auto& row : vectors.at("inclusion")) {
    CAPTURE(row.dump());
    CHECK(InclusionHolds(row, "index", "size"));
  }
  for (const auto& row : vectors.at("consistency")) {
    CAPTURE(row.dump());
    CHECK(ConsistencyHolds(row));
  }
}

TEST_CASE("our 103 false inclusion and 97 false consistency proofs are refused", "[proof]") {
  const auto vectors = testing::ReadJson(testing::OwnVector("tlog/own-vectors-neg.json"));
  REQUIRE(vectors.at("inclusion_negative").size() == 103);
  REQUIRE(vectors.at("consistency_negative").size() == 97);
  for (const auto& row : vectors.at("inclusion_negative")) {
    CAPTURE(row.dump());
    CHECK_FALSE(InclusionHolds(row, "index", "size"));
  }
  for (const auto& row : vectors.at("consistency_negative")) {
    CAPTURE(row.dump());
    CHECK_FALSE(ConsistencyHolds(row));
  }
}

}  // namespace
}  // namespace exhibit::tlog
