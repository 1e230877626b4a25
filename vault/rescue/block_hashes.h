// The hashes of a sealed file's blocks (seal/layout.h): as they were stored after the payload, as the blocks themselves make
// them, and those of both that an entry's root proves.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/tlog/merkle.h"

namespace exhibit::rescue {

inline constexpr std::size_t kBlockHashBytes = tlog::LeafHash::kSize;

// Those that lie one after another; bytes that make no whole one are left.
std::vector<tlog::LeafHash> BlockHashesIn(ByteView bytes);

tlog::RootHash RootOfBlocks(std::span<const tlog::LeafHash> hashes);

// Of two lists that differ in at most ten places, the mixture that has this root: a block and its stored hash are rarely both
// damaged. `stored` may be empty, or of another length: then `computed` or nothing.
std::optional<std::vector<tlog::LeafHash>> ProvenMixture(const std::vector<tlog::LeafHash>& computed,
                                                         const std::vector<tlog::LeafHash>& stored,
                                                         const tlog::RootHash& root);

}  // namespace exhibit::rescue
