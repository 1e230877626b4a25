#include "vault/verify/tile_check.h"

#include "vault/base/format.h"

namespace exhibit::verify {

Result<std::vector<Finding>> CompareTile(const tlog::TileReader& source, const tlog::GrowingTree::Tile& computed) {
  const std::string name = tlog::TilePath(computed.id);
  auto stored = tlog::ReadTileHashes(source, computed.id);
  if (!stored && IsUnread(stored.error().code)) return Fail(std::move(stored).error());  // it names a file
  if (!stored) return Fail(std::move(stored).error().In(name));
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < stored->size(); ++i) {
    const ByteView expected = ByteView(computed.bytes).subspan(i * tlog::NodeHash::kSize, tlog::NodeHash::kSize);
    if (Equal((*stored)[i].view(), expected)) continue;
    const bool leaf = computed.id.level == 0;
    const std::uint64_t position = computed.id.index * tlog::kTileWidth + i;
    findings.push_back({Property::kTile,
                        leaf ? std::optional(tlog::Sequence{position}) : std::nullopt,
                        {},
                        {},
                        Format("{}: hash {} is not that of the {}", name, i, leaf ? "entry" : "tile below")});
  }
  return findings;
}

}  // namespace exhibit::verify
