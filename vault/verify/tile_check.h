// Compares a tile of the source with the one that the entries make.
#pragma once

#include <vector>

#include "vault/tlog/tree.h"
#include "vault/verify/report.h"

namespace exhibit::verify {

// A finding for each hash that differs; it names the entry if the hash is of one. An error if the tile cannot be read.
Result<std::vector<Finding>> CompareTile(const tlog::TileReader& source, const tlog::GrowingTree::Tile& computed);

}  // namespace exhibit::verify
