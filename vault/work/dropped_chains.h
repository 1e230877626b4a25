// What is missing of the chains of collectors whose statements came in a drop: numbers between its items and right before
// them, statements that those here name as the one before them, and the end of a run. What is in the log counts as here.
// (`verify` names all gaps of a log, because it reads all of it.)
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "vault/custody/statements/collected.h"
#include "vault/session/vault_writer.h"

namespace exhibit::work {

class DroppedChains {
 public:
  void Saw(const custody::SignedCollected& statement);
  void Saw(const custody::SignedClosedRun& statement);

  // For people, in the order of handles. Call it after the drop was taken in.
  Result<std::vector<std::string>> Gaps(VaultWriter& vault) const;

 private:
  struct Link {
    custody::StatementDigest digest;
    custody::StatementDigest prev;
  };
  struct Chain {
    std::map<std::uint64_t, Link> items;               // by number
    std::vector<std::pair<std::uint64_t, Link>> ends;  // of runs, with the number of the last item
  };
  class Looking;
  std::map<std::string, Chain> chains_;  // by handle
};

}  // namespace exhibit::work
