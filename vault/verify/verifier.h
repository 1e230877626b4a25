// The verifier: re-derives from a source's bytes everything that the source claims.
//
//   log      each entry has the one form and its own number, follows the one before it, and is
//            signed by a key that was admitted and held the role at that position; the entries' own
//            hashes make the tiles and the root that the log's key signed
//   sealed   each header and layout line is the one that its entry names, and the payload blocks make the
//            root of the layout
//   content  the entry commits to the file key, every chunk is authentic, the plaintext is of the one form, the
//            fields are those that the entry names, and size and digests are those in the fields
//
// It goes on after a finding and reports all. It trusts the fingerprint that the caller brings; without
// one, it takes the keys that the source names on trust, and the report says so.
// It shares formats with the code that writes, and no code path.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>

#include "vault/base/parallel.h"
#include "vault/crypto/timestamp.h"
#include "vault/custody/labels.h"
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
  // Checkpoints that the log must extend. After the newest of those to resume from, the log is replayed
  // in full; before it, the log is the one that was verified then, and without `selected` no sealed file is read.
  std::vector<KeptCheckpoint> kept;
  // Asks somebody who keeps the log for its root at earlier sizes, to find out whether a head that is smaller than
  // a kept checkpoint is its beginning. Null: such a head is a finding.
  const std::vector<PastRoots>* past = nullptr;
  // Whom the verifier believes; null takes the log's key from the genesis, and asks for no witness.
  const tlog::Policy* policy = nullptr;
  // Earlier checkpoints with the cosignatures that were collected for them. They count as proof of when entries
  // were made, if the log extends them. Called only if that matters.
  std::function<std::vector<KeptCheckpoint>()> find_cosigned;
  // The roots of the authorities that the verifier believes; null believes none and checks only the form of timestamps.
  const crypto::TimestampRoots* timestamp_roots = nullptr;
  // Returns the file key of an entry's sealed file: verify::OpenFileKey with the reader's identities. Needed for
  // Depth::kContent. kDenied and kUnsupported mean that these identities do not open it. Whether the entry commits to
  // the key is checked with the payload.
  std::function<Result<seal::FileKey>(tlog::Sequence, const custody::SealedFile&)> open_key;
  // Keys of cases: the report says which entries they recognise. At kContent the field `case` is compared with the
  // labels, with these keys or with the secret that all of them come from.
  const std::vector<custody::GivenCaseKey>* case_keys = nullptr;
  const custody::LabelSecret* label_secret = nullptr;
  Progress* progress = nullptr;
  const std::atomic<bool>* interrupted = nullptr;
  // Gets the leaf hashes of the entries that are read: of all, or of those after the checkpoint that was resumed from.
  std::vector<tlog::LeafHash>* leaves = nullptr;
};

// Fails only if nothing can be said at all: kInterrupted, or kInvalid for options that contradict
// each other. Everything about the source is in the report. Something that a source cannot read now (kIo, kPermission) is no finding:
// the report names it, and nothing after an entry that could not be read is checked.
Result<Report> Verify(const Source& source, const Options& options, Pool& pool);

}  // namespace exhibit::verify
