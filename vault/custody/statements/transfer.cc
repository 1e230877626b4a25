#include "vault/custody/statements/transfer.h"

namespace exhibit::custody {

tlog::RootHash RootOfLeaves(std::span<const tlog::LeafHash> leaves) {
  tlog::CompactRange range;
  for (const tlog::LeafHash& leaf : leaves) range.Append(leaf);
  return range.Root();
}

}  // namespace exhibit::custody
