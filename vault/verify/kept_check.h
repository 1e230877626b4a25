// Checkpoints that a verifier kept: is the log that is shown now the one that was shown then?
//
// A kept checkpoint must be signed by the log's key, be no larger than the head, and be the beginning of
// what the head signs, by a consistency proof out of the source's tiles. What it covers can then be taken
// as it was when it was verified: an entry before its size is the same entry if an inclusion proof leads
// from its bytes to the kept root, and the log need not be read again from its beginning.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vault/custody/log_keys.h"
#include "vault/custody/state.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/proof.h"
#include "vault/verify/source.h"

namespace exhibit::verify {

struct KeptCheckpoint {
  // kCompare: the log must extend it. kResume: and what it covers was verified in full before.
  enum class Use : std::uint8_t { kCompare, kResume } use = Use::kCompare;
  std::string where;  // what messages call it
  Bytes note;
  // Which entries before it are acts that change the state, as the verifier noted when it verified them;
  // without it the source's own index is asked.
  std::optional<std::vector<tlog::Sequence>> acts = {};
};

// kTampered, with both heads in the message, unless the log that `head` signs extends `kept`;
// kInvalid if `kept` is none; kDenied if another key signed it.
Result<tlog::Checkpoint> CheckKept(const tlog::TileReader& tiles, const tlog::Checkpoint& head,
                                   const custody::LogKeys& keys, const KeptCheckpoint& kept);

// The keys of checkpoints, as far as the source's index or the verifier's notes lead to the entries that
// replaced one. Each is taken only if it is signed by the key before and by its own, so no stranger adds one;
// whether it stands in the log, and whether it is all, shows when the log is replayed.
custody::LogKeys LearnLogKeys(const Source& source, const custody::SignedEntry& genesis,
                              std::span<const KeptCheckpoint> kept);

// "size 7, root <hex>", as messages write it.
std::string Describe(const tlog::Checkpoint& checkpoint);

// The entry at `at`, if an inclusion proof leads from its bytes to the root. kTampered if not.
// REQUIRES: at < tree.size.
Result<custody::SignedEntry> ReadProven(const Source& source, const tlog::SignedSize& tree, tlog::Sequence at);

// What stood at a checkpoint, without the entries before it having been read.
struct Resumed {
  tlog::GrowingTree tree;
  custody::State state;
  std::vector<tlog::Sequence> acts;  // it was made of
};
// From the acts that were noted or that the source's index names, each proven to stand in the checkpoint's
// tree. That the index names all of them is not proven; who verified the log in full up to here saw that it
// did. kNotFound if there are no notes and the source keeps no index; kTampered if what it gives does not fit.
Result<Resumed> ResumeAt(const Source& source, const custody::SignedEntry& genesis, const tlog::Checkpoint& base,
                         const std::optional<std::vector<tlog::Sequence>>& acts, custody::AskNamedItem ask);

}  // namespace exhibit::verify
