// Entries that a log has and its source does not: lost.
//
// A vault that `exhibit rescue` made of a damaged one keeps the place of an entry that was lost; so does a store that somebody
// took an entry out of. The tree still proves which place and which hash it had, and nobody knows what it said. Whoever reads
// through a log goes on after it (`ReadEntryIfHere`); whoever needs that very entry fails with its name (`ReadEntryAt`).
// Either way the source notes it here, and the program says at its end which entries it missed (cli/lost.h).
#pragma once

#include <mutex>
#include <set>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/tlog/sequence.h"

namespace exhibit::verify {

// kTampered, and what can be done about it.
Error LostEntry(tlog::Sequence at);
// The same of an entry that changed the law. `consequence` says what cannot be done without it, `else_do` what still can.
Error LostLaw(tlog::Sequence at, std::string_view consequence, std::string_view else_do);

// Those that a reader met. All calls may be made from several threads at once.
class LostEntries {
 public:
  void Note(tlog::Sequence at);
  // Each once, in order.
  std::vector<tlog::Sequence> List() const;

 private:
  mutable std::mutex mutex_;  // guards `met_`
  std::set<tlog::Sequence> met_;
};

}  // namespace exhibit::verify
