// log/hashes: the hashes that stand for all entries of which nothing is told, so that those told give the root of the log.
//
//   level index hex\n     the entries from index * 2^level on, to (index + 1) * 2^level - 1, of which none is told
//
// The largest such subtrees, in order of position: exactly these, none that is part of another, none missing. Parts of an
// original that are shown have the same lines (proof_file.h).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/tlog/partial_tree.h"
#include "vault/tlog/sequence.h"
#include "vault/tlog/tree.h"

namespace exhibit::bundle {

using ToldLeaves = std::map<tlog::Sequence, tlog::LeafHash>;

// kInvalid for a line in another spelling.
Result<std::vector<tlog::HiddenSubtree>> ParseSubtrees(std::string_view text);
std::string EncodeSubtrees(const std::vector<tlog::HiddenSubtree>& subtrees);

// The root of a tree of `size` leaves. kInvalid unless these are exactly the hashes that are needed.
// REQUIRES: `told` is not empty, and has no leaf at or after `size`.
Result<tlog::RootHash> RootOf(tlog::TreeSize size, const ToldLeaves& told,
                              const std::vector<tlog::HiddenSubtree>& hidden);

// Those that are needed beside these leaves, from the tiles of a log of `size` entries; they are not compared with its root.
// Errors of the tiles. REQUIRES: `told` ascends, and its last is size - 1.
Result<std::vector<tlog::HiddenSubtree>> FindSubtrees(const tlog::TileReader& tiles, tlog::TreeSize size,
                                                      const std::vector<std::uint64_t>& told);

}  // namespace exhibit::bundle
