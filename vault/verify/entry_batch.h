// Entries of a log, read, parsed and hashed side by side, some hundreds at a time. Later their signatures are checked
// the same way. The caller that takes the batch checks whatever depends on the order of the log.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/custody/entry.h"
#include "vault/custody/signers.h"
#include "vault/tlog/tree.h"
#include "vault/verify/source.h"

namespace exhibit::verify {

struct ReadEntry {
  bool present = false;
  bool undecided = false;                     // it could not be read now
  bool lost = false;                          // the source does not have it
  tlog::LeafHash leaf;                        // of the bytes, if present
  std::optional<custody::SignedEntry> entry;  // if it could be parsed
  std::string problem;                        // otherwise
  bool needs_newer = false;                   // it is of a version that this program does not know
  std::optional<custody::Signers> signers;    // who must have signed it; the taker sets it
  std::string signature_problem;
};

ReadEntry ReadOne(const Source& source, tlog::Sequence sequence);
// Why there is no entry. REQUIRES: there is none.
Error ErrorOf(const ReadEntry& read);

struct EntryBatch {
  std::uint64_t first = 0;
  std::vector<ReadEntry> entries;
  Pool::Batch work;  // to wait for; last, because it uses the entries

  // Begins to read from `first` on, of a log of `size` entries. Null if there is nothing left to read.
  static std::unique_ptr<EntryBatch> StartReading(const Source& source, Pool& pool, std::uint64_t first,
                                                  std::uint64_t size);
  // Begins to check the signatures of those whose signers are known.
  void StartSignatures(Pool& pool);
};

}  // namespace exhibit::verify
