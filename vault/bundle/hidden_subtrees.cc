#include "vault/bundle/hidden_subtrees.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "vault/base/canonical.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::bundle {
namespace {

constexpr std::uint64_t kMaxLevel = 53;  // of a tree of 2^53 leaves

Result<tlog::HiddenSubtree> ParseLine(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second != std::string_view::npos) {
    const auto level = FromDecimal(line.substr(0, first));
    const auto index = FromDecimal(line.substr(first + 1, second - first - 1));
    const auto hash = FixedFromHex<tlog::NodeHash>(line.substr(second + 1), "hash");
    if (level && index && hash && *level <= kMaxLevel && *index <= kMaxNumber)
      return tlog::HiddenSubtree{static_cast<int>(*level), *index, *hash};
  }
  return Fail(ErrorCode::kInvalid, Format("\"{}\" is not a level, an index and a hash", PrintableUpTo(80, line)));
}

// Hashes of tiles; of each level it keeps the last one that was read.
class TileHashes {
 public:
  TileHashes(const tlog::TileReader& tiles, tlog::TreeSize size) : tiles_(tiles), size_(size) {}

  Result<tlog::NodeHash> Of(int level, std::uint64_t index) {
    const auto tile_level = static_cast<std::uint32_t>(level) / 8;
    const std::uint64_t width = std::uint64_t{1} << (level % 8);
    const std::uint64_t begin = index * width;  // among the hashes of that level
    TRY(const std::span<const tlog::NodeHash> tile, Read(tile_level, begin / tlog::kTileWidth));
    return tlog::HashOf(
        tile.subspan(static_cast<std::size_t>(begin % tlog::kTileWidth), static_cast<std::size_t>(width)));
  }

 private:
  Result<std::span<const tlog::NodeHash>> Read(std::uint32_t level, std::uint64_t index) {
    Kept& kept = kept_[level];
    if (kept.index != index) {
      const std::uint64_t there = tlog::HashesAtLevel(size_.value, level) - index * tlog::kTileWidth;
      const auto width = static_cast<std::uint32_t>(std::min<std::uint64_t>(there, tlog::kTileWidth));
      TRY(kept.hashes, tlog::ReadTileHashes(tiles_, {level, index, width}));
      kept.index = index;
    }
    return std::span<const tlog::NodeHash>(kept.hashes);
  }

  struct Kept {
    std::optional<std::uint64_t> index = {};
    std::vector<tlog::NodeHash> hashes = {};
  };
  const tlog::TileReader& tiles_;
  tlog::TreeSize size_;
  std::map<std::uint32_t, Kept> kept_;
};

}  // namespace

Result<std::vector<tlog::HiddenSubtree>> ParseSubtrees(std::string_view text) {
  std::vector<tlog::HiddenSubtree> subtrees;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return Fail(ErrorCode::kInvalid, "ends within a line");
    TRY(subtrees.emplace_back(), ParseLine(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  return subtrees;
}

std::string EncodeSubtrees(const std::vector<tlog::HiddenSubtree>& subtrees) {
  std::string text;
  for (const tlog::HiddenSubtree& one : subtrees)
    text += Format("{} {} {}\n", one.level, one.index, ToHex(one.hash.view()));
  return text;
}

Result<tlog::RootHash> RootOf(tlog::TreeSize size, const ToldLeaves& told,
                              const std::vector<tlog::HiddenSubtree>& hidden) {
  EXHIBIT_ASSERT(!told.empty() && told.rbegin()->first.value < size.value);
  std::vector<std::uint64_t> positions;
  for (const auto& [sequence, leaf] : told) positions.push_back(sequence.value);
  auto next_hidden = hidden.begin();
  auto next_leaf = told.begin();
  auto on_hidden = [&](int level, std::uint64_t index, std::uint64_t, std::uint64_t) -> Result<tlog::NodeHash> {
    if (next_hidden == hidden.end() || next_hidden->level != level || next_hidden->index != index) {
      return Fail(ErrorCode::kInvalid, Format("the hash of level {} and index {} is not in its place", level, index));
    }
    return (next_hidden++)->hash;
  };
  auto on_leaf = [&](std::uint64_t) -> Result<tlog::NodeHash> { return tlog::AsNode((next_leaf++)->second); };
  TRY(const tlog::NodeHash root, tlog::WalkPartialTree(0, size.value, positions, on_hidden, on_leaf));
  if (next_hidden != hidden.end()) return Fail(ErrorCode::kInvalid, "has more hashes than are needed");
  return tlog::AsRoot(root);
}

Result<std::vector<tlog::HiddenSubtree>> FindSubtrees(const tlog::TileReader& tiles, tlog::TreeSize size,
                                                      const std::vector<std::uint64_t>& told) {
  EXHIBIT_ASSERT(!told.empty() && told.back() + 1 == size.value);
  TileHashes hashes(tiles, size);
  std::vector<tlog::HiddenSubtree> found;
  auto on_hidden = [&](int level, std::uint64_t index, std::uint64_t, std::uint64_t) -> Result<tlog::NodeHash> {
    TRY(const tlog::NodeHash hash, hashes.Of(level, index));
    found.push_back({level, index, hash});
    return hash;
  };
  auto on_leaf = [](std::uint64_t) -> Result<tlog::NodeHash> { return tlog::NodeHash(); };
  TRY_VOID(tlog::WalkPartialTree(0, size.value, told, on_hidden, on_leaf));
  return found;
}

}  // namespace exhibit::bundle
