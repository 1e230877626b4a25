// Goal: entries told and the hashes of the rest make the root of the log, and no other hashes do.
#include "vault/bundle/hidden_subtrees.h"

#include <random>
#include <set>

#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using bundle::ToldLeaves;
using tlog::HiddenSubtree;

// A log of so many entries, as tiles in memory.
struct Log final : tlog::TileReader {
  explicit Log(std::uint64_t size) {
    for (std::uint64_t i = 0; i < size; ++i) {
      leaves.push_back(tlog::HashLeaf(ViewOf(std::to_string(i))));
      tree.Append(leaves.back());
      for (auto& tile : tree.TakeChangedTiles()) tiles[{tile.id.level, tile.id.index}] = std::move(tile.bytes);
    }
  }
  Result<Bytes> ReadTile(const tlog::TileId& id) const override {
    const auto found = tiles.find({id.level, id.index});
    if (found == tiles.end()) return Fail(ErrorCode::kNotFound, "no such tile");
    return found->second;
  }
  ToldLeaves Told(const std::vector<std::uint64_t>& positions) const {
    ToldLeaves told;
    for (const std::uint64_t at : positions) told.emplace(tlog::Sequence{at}, leaves[at]);
    return told;
  }
  tlog::TreeSize size() const { return tree.size(); }

  tlog::GrowingTree tree;
  std::vector<tlog::LeafHash> leaves;
  std::map<std::pair<std::uint32_t, std::uint64_t>, Bytes> tiles;
};

}  // namespace

TEST_CASE("whatever is told, the hashes beside it make the root", "[bundle]") {
  std::mt19937_64 random(7);  // NOLINT: the same each time
  for (const std::uint64_t size : std::initializer_list<std::uint64_t>{1, 2, 3, 7, 8, 255, 256, 257, 1000, 66'000}) {
    const Log log(size);
    for (const std::uint64_t others : std::initializer_list<std::uint64_t>{0, 1, 3, 40}) {
      std::set<std::uint64_t> told = {size - 1};
      for (std::uint64_t i = 0; i < others; ++i) told.insert(random() % size);
      const std::vector<std::uint64_t> positions(told.begin(), told.end());
      CAPTURE(size, others);
      const auto hidden = Unwrap(bundle::FindSubtrees(log, log.size(), positions));
      CHECK(Unwrap(bundle::RootOf(log.size(), log.Told(positions), hidden)) == log.tree.Root());
      CHECK(Unwrap(bundle::ParseSubtrees(bundle::EncodeSubtrees(hidden))) == hidden);
    }
  }
}

TEST_CASE("other hashes than exactly those that are needed are refused", "[bundle]") {
  const Log log(13);
  const std::vector<std::uint64_t> positions = {0, 5, 12};
  const ToldLeaves told = log.Told(positions);
  const auto good = Unwrap(bundle::FindSubtrees(log, log.size(), positions));
  const auto refused = [&](std::vector<HiddenSubtree> hidden) {
    CHECK_FAILS(bundle::RootOf(log.size(), told, hidden), ErrorCode::kInvalid, "");
  };
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::vector<HiddenSubtree> hidden = good;
    hidden.erase(hidden.begin() + static_cast<std::ptrdiff_t>(i));
    refused(hidden);
    hidden = good;
    hidden.insert(hidden.begin() + static_cast<std::ptrdiff_t>(i), hidden[i]);
    refused(hidden);
    hidden = good;
    hidden[i].level += 1;
    refused(hidden);
  }
  // Another hash in the right place makes another root.
  std::vector<HiddenSubtree> hidden = good;
  hidden.front().hash.mutable_view()[0] ^= 1;
  CHECK(Unwrap(bundle::RootOf(log.size(), told, hidden)) != log.tree.Root());
}

TEST_CASE("a line of a hash has one spelling", "[bundle]") {
  const std::string hash(64, 'a');
  REQUIRE_OK(bundle::ParseSubtrees("0 1 " + hash + "\n"));
  for (const std::string& bad :
       {"0 1 " + hash, "00 1 " + hash + "\n", "0  1 " + hash + "\n", "0 1 " + hash + " \n", "0 -1 " + hash + "\n",
        "0 1 " + std::string(64, 'A') + "\n", std::string("\n"), "54 1 " + hash + "\n", "0 1 " + hash + "0\n"}) {
    CAPTURE(bad);
    CHECK_FAILS(bundle::ParseSubtrees(bad), ErrorCode::kInvalid, "");
  }
}

}  // namespace exhibit::testing
