// Goal: of what a verifier kept, the root of every earlier size comes out, and no more. Method: against the tree itself;
// there and back.
#include "vault/publish/seen_tree.h"

#include "tests/support/check.h"
#include "vault/verify/older_check.h"

namespace exhibit::testing {
namespace {

using publish::SeenTree;

std::vector<tlog::LeafHash> Leaves(std::size_t count, std::uint8_t mark = 0) {
  std::vector<tlog::LeafHash> leaves(count);
  for (std::size_t i = 0; i < count; ++i) leaves[i].mutable_view()[0] = static_cast<std::uint8_t>(i + mark);
  return leaves;
}

tlog::RootHash RootOf(const std::vector<tlog::LeafHash>& leaves, std::size_t size) {
  tlog::CompactRange range;
  for (std::size_t i = 0; i < size; ++i) range.Append(leaves[i]);
  return range.Root();
}

tlog::Checkpoint Head(const std::vector<tlog::LeafHash>& leaves, std::size_t size) {
  return {Unwrap(tlog::Origin::Parse("test.example/log")), {size}, RootOf(leaves, size)};
}

verify::PastRoots Roots(SeenTree tree) {
  return [tree = std::move(tree)](tlog::TreeSize size) { return tree.RootAt(size); };
}

}  // namespace

TEST_CASE("what was seen of a log tells the root of each earlier size", "[seen_tree]") {
  const auto leaves = Leaves(20);
  const SeenTree seen = Unwrap(SeenTree::Decode(SeenTree(leaves).Encode()));
  CHECK(seen.size() == tlog::TreeSize{20});
  for (std::size_t size = 0; size <= 20; ++size) CHECK(Unwrap(seen.RootAt({size})) == RootOf(leaves, size));
  CHECK_FAILS(seen.RootAt({21}), ErrorCode::kNotFound, "does not reach to size 21");
  CHECK_FAILS(SeenTree::Decode(Bytes(33)), ErrorCode::kInvalid, "whole hashes");
  const auto begun = SeenTree(Leaves(7));
  const auto more = std::span(leaves).subspan(5);
  CHECK(Unwrap(Unwrap(begun.ContinuedAt({5}, more)).RootAt({20})) == RootOf(leaves, 20));
  CHECK_FAILS(begun.ContinuedAt({8}, more), ErrorCode::kNotFound, "does not reach");
}

TEST_CASE("an older head is the beginning of a newer one, another history, or nobody can tell", "[seen_tree]") {
  const auto leaves = Leaves(20);
  const auto other = Leaves(20, 1);
  const std::vector<verify::PastRoots> past = {Roots(SeenTree(other)), Roots(SeenTree(Leaves(12))),
                                               Roots(SeenTree(leaves))};
  for (std::size_t size = 1; size < 20; ++size) {
    REQUIRE_OK(verify::CheckBeginning(past, Head(leaves, size), Head(leaves, 20), "x"));
    CHECK_FAILS(verify::CheckBeginning(past, Head(other, size), Head(leaves, 20), "x"), ErrorCode::kTampered,
                "not the one that was seen before");
  }
  CHECK_FAILS(verify::CheckBeginning({past[1]}, Head(leaves, 5), Head(leaves, 20), "x"), ErrorCode::kIo,
              "older than what was seen before (size 5, seen 20 in x)");
  CHECK_FAILS(verify::CheckBeginning({}, Head(leaves, 5), Head(leaves, 20), "x"), ErrorCode::kIo, "not at hand");
}

}  // namespace exhibit::testing
