#include "vault/rescue/block_hashes.h"

namespace exhibit::rescue {

std::vector<tlog::LeafHash> BlockHashesIn(ByteView bytes) {
  std::vector<tlog::LeafHash> hashes;
  for (; bytes.size() >= kBlockHashBytes; bytes = bytes.subspan(kBlockHashBytes))
    hashes.push_back(*tlog::LeafHash::From(bytes.first(kBlockHashBytes)));
  return hashes;
}

tlog::RootHash RootOfBlocks(std::span<const tlog::LeafHash> hashes) {
  tlog::CompactRange range;
  for (const tlog::LeafHash& hash : hashes) range.Append(hash);
  return range.Root();
}

std::optional<std::vector<tlog::LeafHash>> ProvenMixture(const std::vector<tlog::LeafHash>& computed,
                                                         const std::vector<tlog::LeafHash>& stored,
                                                         const tlog::RootHash& root) {
  constexpr std::size_t kMostDiffering = 10;
  if (RootOfBlocks(computed) == root) return computed;
  if (stored.size() != computed.size()) return std::nullopt;
  std::vector<std::size_t> differ;
  for (std::size_t i = 0; i < computed.size(); ++i) {
    if (computed[i] != stored[i]) differ.push_back(i);
  }
  if (differ.size() > kMostDiffering) return std::nullopt;
  for (std::size_t choice = 1; choice < std::size_t{1} << differ.size(); ++choice) {
    std::vector<tlog::LeafHash> mixed = computed;
    for (std::size_t i = 0; i < differ.size(); ++i) {
      if ((choice >> i & 1) != 0) mixed[differ[i]] = stored[differ[i]];
    }
    if (RootOfBlocks(mixed) == root) return mixed;
  }
  return std::nullopt;
}

}  // namespace exhibit::rescue
