// Goal: the tree is RFC 6962's, for every size up to the published ones. Method: the constants of
// transparency-dev/merkle, and the roots of own-vectors.json.
#include "vault/tlog/merkle.h"

#include <nlohmann/json.hpp>

#include "tests/support/check.h"
#include "tests/support/vectors.h"
#include "vault/crypto/hash.h"

namespace exhibit::tlog {
namespace {

using testing::Hex;

std::string RootHex(const std::vector<Bytes>& entries) {
  CompactRange range;
  for (const Bytes& entry : entries) range.Append(HashLeaf(entry));
  return ToHex(range.Root().view());
}

TEST_CASE("a leaf and a node have different prefixes", "[merkle]") {
  CHECK(ToHex(HashLeaf(ViewOf("L123456")).view()) ==
        "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
  // The published node vector is over "N123" and "N456", which are not 32 bytes: ours hashes hashes
  // only, so its bytes are put together here.
  CHECK(ToHex(crypto::Sha256({Hex("01"), ViewOf("N123"), ViewOf("N456")}).view()) ==
        "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
  const NodeHash left = AsNode(HashLeaf(ViewOf("left")));
  const NodeHash right = AsNode(HashLeaf(ViewOf("right")));
  CHECK(Equal(HashChildren(left, right).view(), crypto::Sha256({Hex("01"), left.view(), right.view()}).view()));
  CHECK(HashChildren(left, right) != HashChildren(right, left));
}

TEST_CASE("the roots of the RFC 6962 sample leaves are the published ones", "[merkle]") {
  const std::vector<std::string> leaves = {
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  const std::vector<std::string> roots = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  std::vector<Bytes> entries;
  CHECK(RootHex(entries) == roots[0]);
  CHECK(ToHex(EmptyRoot().view()) == roots[0]);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    entries.push_back(Hex(leaves[i]));
    CHECK(RootHex(entries) == roots[i + 1]);
  }
}

TEST_CASE("the roots of one-byte leaves are those of own-vectors.json", "[merkle]") {
  const auto vectors = nlohmann::json::parse(testing::ReadVector(testing::OwnVector("tlog/own-vectors.json")));
  const auto& roots = vectors.at("merkle").at("roots_hex");
  REQUIRE(roots.size() == 17);
  std::vector<Bytes> entries;
  for (std::size_t n = 0; n < roots.size(); ++n) {
    CHECK(RootHex(entries) == roots.at(std::to_string(n)).get<std::string>());
    entries.push_back({static_cast<std::uint8_t>(n)});
  }
}

TEST_CASE("appending perfect subtrees gives the same root as appending their leaves", "[merkle]") {
  CompactRange leaves;
  std::vector<NodeHash> nodes;
  for (int i = 0; i < 21; ++i) {
    const LeafHash leaf = HashLeaf(ViewOf(std::to_string(i)));
    leaves.Append(leaf);
    nodes.push_back(AsNode(leaf));
  }
  CompactRange subtrees;
  const std::span<const NodeHash> all = nodes;
  subtrees.AppendSubtree(HashOf(all.subspan(0, 16)), 4);
  subtrees.AppendSubtree(HashOf(all.subspan(16, 2)), 1);
  subtrees.AppendSubtree(HashOf(all.subspan(18, 1)), 0);
  subtrees.AppendSubtree(HashOf(all.subspan(19, 1)), 0);
  subtrees.AppendSubtree(HashOf(all.subspan(20, 1)), 0);
  CHECK(subtrees.size() == leaves.size());
  CHECK(subtrees.Root() == leaves.Root());
  CHECK(AsRoot(HashOf(all)) == leaves.Root());
}

TEST_CASE("a copy of a range is the way back", "[merkle]") {
  CompactRange range;
  for (int i = 0; i < 7; ++i) range.Append(HashLeaf(ViewOf(std::to_string(i))));
  const CompactRange before = range;
  const RootHash root = before.Root();
  range.Append(HashLeaf(ViewOf("a commit that failed")));
  CHECK(range.Root() != root);
  range = before;
  CHECK(range.size() == 7);
  CHECK(range.Root() == root);
}

}  // namespace
}  // namespace exhibit::tlog
