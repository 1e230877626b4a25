// The verifier: re-derives from a source's bytes everything that the source claims.
//
//   log      each entry is of the one form, stands where it says, follows the one before it, and is
//            signed by a key that was admitted and held the role at that position; the entries' own
//            hashes make the tiles and the root that the log's key signed
//   sealed   each header is the one that its entry names, and each payload block is one of the
//            leaves under the root that the entry names
//   content  the header's MAC fits, every chunk is authentic, the frames are of the one form, and
//            size and digests are those in the sealed metadata
//
// It goes on after a finding and reports all. It trusts what the caller brings, a fingerprint; without
// one, the keys that the source names are taken on trust, and the report's reader is told so.
// It shares formats with the code that writes, and no code path.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <set>

#include "vault/base/parallel.h"
#include "vault/crypto/timestamp.h"
#include "vault/seal/recipient.h"
#include "vault/tlog/policy.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/older_check.h"
#include "vault/verify/report.h"
#include "vault/verify/source.h"

namespace exhibit::verify {

// For a progress line; any may be read at any time.
struct Progress {
  std::atomic<std::uint64_t> entries{0};
  std::atomic<std::uint64_t> entries_total{0};
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::uint64_t> bytes_total{0};
};

struct Options {
  Depth depth = Depth::kSealed;
  // What the vault's genesis entry must hash to.
  std::optional<custody::Fingerprint> fingerprint;
  // The entries whose sealed files are checked; empty means all. The log is always checked whole.
  std::set<tlog::Sequence> selected;
  // Checkpoints that the log must extend. Behind the newest of those to resume from, the log is replayed
  // in full; before it, it is what was verified then, and without `selected` its sealed files are not read.
  std::vector<KeptCheckpoint> kept;
  // Whoever can tell what root the log had at earlier sizes, because they keep it: by that a head that is smaller than
  // a kept checkpoint is found to be its beginning, or not. Null: such a head is a finding, whatever was before.
  const std::vector<PastRoots>* past = nullptr;
  // Whom the verifier believes; null takes the log's key from the genesis, and asks for no witness.
  const tlog::Policy* policy = nullptr;
  // Earlier checkpoints with the cosignatures that were collected for them, if the source's keeper has some: what
  // they show of when entries were made is taken where the log extends them. Asked for only where that matters.
  std::function<std::vector<KeptCheckpoint>()> find_cosigned;
  // Whose timestamps the verifier believes; null believes none and only looks at their form.
  const crypto::TimestampRoots* timestamp_roots = nullptr;
  // Gives the file key of an entry's sealed file, whose original header it gets; needed for
  // Depth::kContent. Must have checked that header's MAC with the key (seal::OpenHeader does).
  std::function<Result<seal::FileKey>(tlog::Sequence, const seal::AgeHeader&)> open_key;
  Progress* progress = nullptr;
  const std::atomic<bool>* interrupted = nullptr;
  // Gets the leaf hashes of the entries that are read: of all, or of those behind the checkpoint that was resumed from.
  std::vector<tlog::LeafHash>* leaves = nullptr;
};

// Fails only where nothing can be said at all: kInterrupted, or kInvalid for options that contradict
// each other. Everything about the source is in the report. What a source cannot give now (kIo) is no finding:
// the report says what it was, and what stands behind an entry that could not be read is not looked at.
Result<Report> Verify(const Source& source, const Options& options, Pool& pool);

}  // namespace exhibit::verify
