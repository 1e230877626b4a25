// Goal: a sealed file's blocks are proven by whatever is left of them and of their stored hashes, in bounded time. Method: lists
// of hashes of which some are wrong.
#include "vault/rescue/block_hashes.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace exhibit::testing {
namespace {

using rescue::BlockHashesIn;
using rescue::kBlockHashBytes;
using rescue::ProvenMixture;
using rescue::RootOfBlocks;

std::vector<tlog::LeafHash> HashesOf(std::size_t blocks) {
  std::vector<tlog::LeafHash> hashes;
  for (std::size_t i = 0; i < blocks; ++i) hashes.push_back(tlog::HashLeaf(ViewOf("block " + std::to_string(i))));
  return hashes;
}

const tlog::LeafHash kWrong = tlog::HashLeaf(ViewOf("damaged"));

TEST_CASE("a block that is damaged in one list is proven by the other", "[rescue]") {
  const std::vector<tlog::LeafHash> right = HashesOf(40);
  std::vector<tlog::LeafHash> computed = right;
  std::vector<tlog::LeafHash> stored = right;
  for (const std::size_t at : {0u, 17u, 39u}) computed[at] = kWrong;
  for (const std::size_t at : {1u, 38u}) stored[at] = kWrong;
  CHECK(ProvenMixture(computed, stored, RootOfBlocks(right)) == right);
}

TEST_CASE("what is damaged in both lists proves nothing", "[rescue]") {
  const std::vector<tlog::LeafHash> right = HashesOf(5);
  std::vector<tlog::LeafHash> computed = right;
  computed[3] = kWrong;
  CHECK_FALSE(ProvenMixture(computed, computed, RootOfBlocks(right)));
}

TEST_CASE("the search for a mixture is bounded", "[rescue]") {
  const std::vector<tlog::LeafHash> right = HashesOf(64);
  std::vector<tlog::LeafHash> computed = right;
  for (std::size_t at = 0; at < 10; ++at) computed[at] = kWrong;
  CHECK(ProvenMixture(computed, right, RootOfBlocks(right)) == right);
  computed[10] = kWrong;
  CHECK_FALSE(ProvenMixture(computed, right, RootOfBlocks(right)));
}

TEST_CASE("blocks that are whole need no stored hashes", "[rescue]") {
  const std::vector<tlog::LeafHash> right = HashesOf(3);
  CHECK(ProvenMixture(right, {}, RootOfBlocks(right)) == right);
  CHECK_FALSE(ProvenMixture(right, {}, RootOfBlocks(HashesOf(4))));
}

TEST_CASE("bytes that make no whole hash are left", "[rescue]") {
  Bytes bytes;
  for (const tlog::LeafHash& hash : HashesOf(2)) bytes.insert(bytes.end(), hash.view().begin(), hash.view().end());
  bytes.resize(bytes.size() + kBlockHashBytes - 1);
  CHECK(BlockHashesIn(bytes) == HashesOf(2));
}

}  // namespace
}  // namespace exhibit::testing
