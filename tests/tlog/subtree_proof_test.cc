// Goal: proofs about ranges are checked as draft-ietf-plants-merkle-tree-certs says, and no altered
// one is accepted. Method: the draft's provers, written here from its recursive definitions and
// held to its accumulated vectors, against our checker over every subtree of the trees up to 130
// leaves; and the public JSON vectors.
#include "vault/tlog/subtree_proof.h"

#include <bit>
#include <map>
#include <span>

#include "tests/support/check.h"
#include "tests/support/vectors.h"
#include "tests/tlog/merkle_vectors.h"
#include "vault/crypto/hash.h"

namespace exhibit::tlog {
namespace {

using testing::HashIn;
using testing::ProofIn;
using testing::RootIn;
using testing::Unwrap;

using Leaves = std::span<const NodeHash>;
constexpr std::uint64_t kMaxSize = 130;

const std::vector<NodeHash>& ByteLeaves() {
  static const std::vector<NodeHash> leaves = [] {
    std::vector<NodeHash> hashes;
    for (std::uint64_t i = 0; i < kMaxSize; ++i) {
      const std::uint8_t byte = static_cast<std::uint8_t>(i);
      hashes.push_back(AsNode(HashLeaf(ByteView(&byte, 1))));
    }
    return hashes;
  }();
  return leaves;
}

// MTH of a part of ByteLeaves(), each computed once: the provers below ask for the same ones often.
NodeHash Mth(Leaves leaves) {
  static std::map<std::pair<const NodeHash*, std::size_t>, NodeHash> known;
  if (leaves.empty()) return AsNode(EmptyRoot());
  const auto [entry, added] = known.try_emplace({leaves.data(), leaves.size()});
  if (added) entry->second = HashOf(leaves);
  return entry->second;
}

void ProveInto(ProofHashes& proof, std::uint64_t index, Leaves leaves) {
  if (leaves.size() == 1) return;
  const std::size_t k = std::bit_floor(leaves.size() - 1);
  if (index < k) {
    ProveInto(proof, index, leaves.first(k));
    proof.push_back(Mth(leaves.subspan(k)));
  } else {
    ProveInto(proof, index - k, leaves.subspan(k));
    proof.push_back(Mth(leaves.first(k)));
  }
}

// SUBTREE_SUBPROOF of the draft. `known`: the verifier has the hash of the whole of `leaves`.
enum class Whole { kKnown, kUnknown };
void ProveInto(ProofHashes& proof, std::uint64_t begin, std::uint64_t end, Leaves leaves, Whole whole) {
  if (begin == 0 && end == leaves.size()) {
    if (whole == Whole::kUnknown) proof.push_back(Mth(leaves));
    return;
  }
  const std::size_t k = std::bit_floor(leaves.size() - 1);
  if (end <= k) {
    ProveInto(proof, begin, end, leaves.first(k), whole);
    proof.push_back(Mth(leaves.subspan(k)));
  } else if (k <= begin) {
    ProveInto(proof, begin - k, end - k, leaves.subspan(k), whole);
    proof.push_back(Mth(leaves.first(k)));
  } else {
    ProveInto(proof, 0, end - k, leaves.subspan(k), Whole::kUnknown);
    proof.push_back(Mth(leaves.first(k)));
  }
}

std::string RangeText(std::uint64_t begin, std::uint64_t end) {
  return "[" + std::to_string(begin) + ", " + std::to_string(end) + ")";
}

std::string ProofLine(std::string line, const ProofHashes& proof) {
  for (const NodeHash& hash : proof) line += " " + ToHex(hash.view());
  return line + "\n";
}

std::string Accumulated(const std::string& lines) { return ToHex(crypto::Sha256(ViewOf(lines)).view()); }

// Calls `visit(begin, end, root)` for every subtree that ends at or before `max`, in the order of
// the draft's vectors.
template <typename Visit>
void ForEachSubtree(Leaves leaves, std::uint64_t max, Visit visit) {
  for (std::uint64_t end = 0; end <= max; ++end) {
    for (std::uint64_t begin = 0; begin <= end; ++begin) {
      const auto range = Subtree::Create({begin}, {end});
      if (range) visit(SubtreeRoot{*range, AsRoot(Mth(leaves.subspan(begin, end - begin)))});
    }
  }
}

TEST_CASE("a subtree begins at a multiple of the power of two that holds it", "[subtree]") {
  CHECK(Unwrap(Subtree::Create({8}, {13})).length() == 5);
  CHECK(Unwrap(Subtree::Create({0}, {~std::uint64_t{0}})).length() == ~std::uint64_t{0});
  CHECK_FAILS(Subtree::Create({4}, {9}), ErrorCode::kInvalid, "subtree [4, 9): the beginning is not aligned");
  CHECK_FAILS(Subtree::Create({1}, {3}), ErrorCode::kInvalid, "not aligned");
  CHECK_FAILS(Subtree::Create({2}, {~std::uint64_t{0}}), ErrorCode::kInvalid, "not aligned");
  CHECK_FAILS(Subtree::Create({9}, {8}), ErrorCode::kInvalid, "ends before it begins");
}

TEST_CASE("the hashes of all subtrees accumulate to the draft's vector", "[subtree]") {
  const auto& leaves = ByteLeaves();
  std::string lines;
  ForEachSubtree(leaves, kMaxSize, [&](const SubtreeRoot& subtree) {
    lines +=
        RangeText(subtree.range.begin().value, subtree.range.end().value) + " " + ToHex(subtree.root.view()) + "\n";
  });
  CHECK(Accumulated(lines) == "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81");
}

TEST_CASE("all inclusion proofs in subtrees hold and accumulate to the draft's vector", "[subtree]") {
  const auto& leaves = ByteLeaves();
  std::string lines;
  ForEachSubtree(leaves, kMaxSize, [&](const SubtreeRoot& subtree) {
    const std::uint64_t begin = subtree.range.begin().value;
    const Leaves inside = Leaves(leaves).subspan(begin, subtree.range.length());
    for (std::uint64_t i = begin; i < subtree.range.end().value; ++i) {
      ProofHashes proof;
      ProveInto(proof, i - begin, inside);
      const LeafHash leaf = *LeafHash::From(leaves[i].view());
      REQUIRE_OK(CheckSubtreeInclusion(leaf, {i}, subtree, proof));
      lines += ProofLine(std::to_string(i) + " " + RangeText(begin, subtree.range.end().value), proof);
    }
  });
  CHECK(Accumulated(lines) == "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f");
}

TEST_CASE("all consistency proofs of subtrees hold and accumulate to the draft's vector", "[subtree]") {
  const auto& leaves = ByteLeaves();
  std::string lines;
  for (std::uint64_t n = 0; n <= kMaxSize; ++n) {
    const Leaves all = Leaves(leaves).first(n);
    const SignedSize tree{{n}, AsRoot(Mth(all))};
    ForEachSubtree(leaves, n, [&](const SubtreeRoot& subtree) {
      const std::uint64_t begin = subtree.range.begin().value;
      const std::uint64_t end = subtree.range.end().value;
      ProofHashes proof;
      if (begin != end) ProveInto(proof, begin, end, all, Whole::kKnown);
      REQUIRE_OK(CheckSubtreeConsistency(subtree, tree, proof));
      lines += ProofLine(RangeText(begin, end) + " " + std::to_string(n), proof);
    });
  }
  CHECK(Accumulated(lines) == "10fa99b37bf9bf9ffa26b412fbd98bd75363256d0b75d61bc4538b9c9c5a0a74");
}

TEST_CASE("a consistency proof of a subtree cannot be altered", "[subtree]") {
  const auto& leaves = ByteLeaves();
  for (std::uint64_t n = 1; n <= 17; ++n) {
    const Leaves all = Leaves(leaves).first(n);
    const SignedSize tree{{n}, AsRoot(Mth(all))};
    ForEachSubtree(leaves, n, [&](const SubtreeRoot& subtree) {
      if (subtree.range.length() == 0) return;
      ProofHashes good;
      ProveInto(good, subtree.range.begin().value, subtree.range.end().value, all, Whole::kKnown);
      for (std::size_t hash = 0; hash < good.size(); ++hash) {
        ProofHashes bad = good;
        bad[hash].mutable_view()[hash] ^= 1;
        CHECK_FAILS(CheckSubtreeConsistency(subtree, tree, bad), ErrorCode::kTampered, "does not lead");
      }
      ProofHashes bad = good;
      bad.push_back(tree.root == subtree.root ? leaves[0] : AsNode(tree.root));
      CHECK_FAILS(CheckSubtreeConsistency(subtree, tree, bad), ErrorCode::kTampered, "too many hashes");
      if (!good.empty()) {
        bad = good;
        bad.pop_back();
        CHECK_FAILS(CheckSubtreeConsistency(subtree, tree, bad), ErrorCode::kTampered, "too few hashes");
      }
      SubtreeRoot other = subtree;
      other.root.mutable_view()[31] ^= 1;
      CHECK_FAILS(CheckSubtreeConsistency(other, tree, good), ErrorCode::kTampered, "does not lead to the");
      SignedSize other_tree = tree;
      other_tree.root.mutable_view()[31] ^= 1;
      CHECK_FAILS(CheckSubtreeConsistency(subtree, other_tree, good), ErrorCode::kTampered,
                  "does not lead to the tree");
    });
  }
}

TEST_CASE("a subtree behind the tree and a position outside the subtree are refused", "[subtree]") {
  const auto& leaves = ByteLeaves();
  const SubtreeRoot subtree{Unwrap(Subtree::Create({4}, {7})), AsRoot(Mth(Leaves(leaves).subspan(4, 3)))};
  CHECK_FAILS(CheckSubtreeConsistency(subtree, {{6}, EmptyRoot()}, {}), ErrorCode::kInvalid,
              "subtree [4, 7): ends after a tree of 6");
  const LeafHash leaf = *LeafHash::From(leaves[3].view());
  CHECK_FAILS(CheckSubtreeInclusion(leaf, {3}, subtree, {}), ErrorCode::kInvalid, "position 3 is not in [4, 7)");
  CHECK_FAILS(CheckSubtreeInclusion(leaf, {7}, subtree, {}), ErrorCode::kInvalid, "position 7 is not in [4, 7)");
  CHECK_FAILS(CheckSubtreeInclusion(leaf, {4}, subtree, {}), ErrorCode::kTampered,
              "subtree [4, 7): inclusion proof: has too few hashes");
}

// ---- Public JSON vectors.

Result<Subtree> RangeIn(const nlohmann::json& row) {
  return Subtree::Create({row.at("start").get<std::uint64_t>()}, {row.at("end").get<std::uint64_t>()});
}

bool SubtreeInclusionHolds(const nlohmann::json& row) {
  const auto range = RangeIn(row);
  const auto leaf = HashIn<LeafHash>(row.at("leafHash"));
  const auto proof = ProofIn(row.at("proof"));
  return range && leaf && proof &&
         CheckSubtreeInclusion(*leaf, {row.at("leafIdx").get<std::uint64_t>()}, {*range, RootIn(row.at("root"))},
                               *proof);
}

bool SubtreeConsistencyHolds(const nlohmann::json& row) {
  const auto range = RangeIn(row);
  const auto proof = ProofIn(row.at("proof"));
  const TreeSize size{row.at("size").get<std::uint64_t>()};
  return range && proof &&
         CheckSubtreeConsistency({*range, RootIn(row.at("root1"))}, {size, RootIn(row.at("root2"))}, *proof);
}

TEST_CASE("the 136 public subtree inclusion vectors hold or fail as they say", "[subtree][vectors]") {
  const auto folder = testing::VectorFolder("merkle");
  SKIP_WITHOUT(folder, "the public Merkle vectors are not on this machine");
  int good = 0;
  int bad = 0;
  for (const auto& file : testing::FilesBelow(*folder / "subtreeinclusion", ".json")) {
    CAPTURE(file.string());
    const auto row = testing::ReadJson(file);
    const bool want_error = row.at("wantErr").get<bool>();
    CHECK(SubtreeInclusionHolds(row) == !want_error);
    ++(want_error ? bad : good);
  }
  CHECK(good == 11);
  CHECK(bad == 125);
}

TEST_CASE("the 79 public subtree consistency vectors hold or fail as they say", "[subtree][vectors]") {
  const auto folder = testing::VectorFolder("merkle");
  SKIP_WITHOUT(folder, "the public Merkle vectors are not on this machine");
  int good = 0;
  int bad = 0;
  for (const auto& file : testing::FilesBelow(*folder / "subtreeconsistency", ".json")) {
    CAPTURE(file.string());
    const auto row = testing::ReadJson(file);
    const bool want_error = row.at("wantErr").get<bool>();
    CHECK(SubtreeConsistencyHolds(row) == !want_error);
    ++(want_error ? bad : good);
  }
  CHECK(good == 9);
  CHECK(bad == 70);
}

}  // namespace
}  // namespace exhibit::tlog
