// The Merkle tree of RFC 6962 under the names that a log uses. The tree is a primitive (vault/crypto/merkle.h), because
// the blocks of a sealed payload make one too.
#pragma once

#include "vault/crypto/merkle.h"

namespace exhibit::tlog {

using crypto::AsNode;
using crypto::AsRoot;
using crypto::CompactRange;
using crypto::EmptyRoot;
using crypto::HashChildren;
using crypto::HashLeaf;
using crypto::HashOf;
using crypto::LeafHash;
using crypto::NodeHash;
using crypto::RootHash;

}  // namespace exhibit::tlog
