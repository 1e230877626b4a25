// Which log the pieces make: the longest that a checkpoint of its own key proves.
//
// Of each position the hash of its leaf is wanted, and it is enough: it is the hash of an entry that was found, or what the
// entry after it names as `prev`, or a row of a stored tree, a published tile, a line of a bundle. Whether they are right
// the signed root says, and nothing else is asked: a wrong hash makes another root. So a log is proven although entries of
// it are lost, and each lost entry has a place and a hash.
//
// The head is the largest signed checkpoint whose root they make and whose last entry is there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vault/custody/log_keys.h"
#include "vault/rescue/found.h"

namespace exhibit::rescue {

struct RescuedLog {
  custody::SignedEntry genesis;
  custody::LogKeys keys;
  tlog::Checkpoint head;
  Bytes head_note;                             // of several the shortest: without cosignatures
  std::vector<tlog::LeafHash> leaves;          // of the entries up to the head, and of those that follow it
  std::vector<const FoundEntry*> entries;      // as many; null of one that is lost
  std::vector<CarvedCheckpoint> checkpoints;   // signed, and of a size up to the head; one of each size, the shortest
  std::vector<CarvedCheckpoint> beyond;        // signed, and larger: entries at the end are lost
  std::vector<CarvedCheckpoint> contradicted;  // signed, and of another history

  custody::Fingerprint fingerprint() const { return *custody::Fingerprint::From(genesis.leaf().view()); }
  // After the head: whole entries that follow it, and were not acknowledged or whose checkpoint is lost.
  std::size_t CountAfterHead() const { return leaves.size() - static_cast<std::size_t>(head.size.value); }
};

// `wanted`: the vault's fingerprint, where the user brought it. REQUIRES: `found` outlives what is returned.
//   kNotFound  nothing that was found is the beginning of a log; or no checkpoint is proven by what is left. The message
//              says which positions are unknown
//   kInvalid   there are several vaults, and nobody said which
Result<RescuedLog> FindLog(const Found& found, const std::optional<custody::Fingerprint>& wanted);

}  // namespace exhibit::rescue
