// A tile of the source against the one that the entries make.
#pragma once

#include <vector>

#include "vault/tlog/tree.h"
#include "vault/verify/report.h"

namespace exhibit::verify {

// A finding for each hash that differs, which names the entry where it is one. An error for a tile that cannot be read.
Result<std::vector<Finding>> CompareTile(const tlog::TileReader& source, const tlog::GrowingTree::Tile& computed);

}  // namespace exhibit::verify
