#include "vault/verify/tile_check.h"

namespace exhibit::verify {

std::vector<Finding> CompareTile(const tlog::TileReader& source, const tlog::GrowingTree::Tile& computed) {
  std::vector<Finding> findings;
  const std::string name = tlog::TilePath(computed.id);
  const auto stored = tlog::ReadTileHashes(source, computed.id);
  if (!stored) {
    findings.push_back({Property::kTile, {}, {}, {}, name + ": " + stored.error().message});
    return findings;
  }
  for (std::size_t i = 0; i < stored->size(); ++i) {
    const ByteView expected = ByteView(computed.bytes).subspan(i * tlog::NodeHash::kSize, tlog::NodeHash::kSize);
    if (Equal((*stored)[i].view(), expected)) continue;
    const bool leaf = computed.id.level == 0;
    const std::uint64_t position = computed.id.index * tlog::kTileWidth + i;
    findings.push_back({Property::kTile, leaf ? std::optional(tlog::Sequence{position}) : std::nullopt, {}, {},
                        name + ": hash " + std::to_string(i) + " is not that of the " + (leaf ? "entry" : "tile below")});
  }
  return findings;
}

}  // namespace exhibit::verify
