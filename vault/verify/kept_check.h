// Checkpoints that a verifier kept: is this log the one that was seen then?
//
// A kept checkpoint must be signed by the log's key, be no larger than the head, and be the beginning of
// what the head signs, by a consistency proof from the source's tiles. The entries that it covers are then
// those that were verified before: an entry below its size is the same entry if an inclusion proof leads
// from its bytes to the kept root. So the log need not be read again from its beginning.
#pragma once

#include <cstdint>
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
  // kCompare: the log must extend it. kResume: the same, and the entries that it covers were verified in full before.
  enum class Use : std::uint8_t { kCompare, kResume } use = Use::kCompare;
  std::string where;  // its name in messages
  Bytes note;
  // The entries below its size that change the state, as the verifier noted when it verified them;
  // without them, the source's own index says it.
  std::optional<std::vector<tlog::Sequence>> acts = {};
};

// kTampered, with both heads in the message, unless the log that `head` signs extends `kept`;
// kInvalid if `kept` is none; kTampered, too, if another key
// signed it.
Result<tlog::Checkpoint> CheckKept(const tlog::TileReader& tiles, const tlog::Checkpoint& head,
                                   const custody::LogKeys& keys, const KeptCheckpoint& kept);

// The keys of checkpoints, as far as the source's index or the verifier's notes lead to the entries that
// replaced them. Each must be signed by the Ed25519 key before and by its own, so no stranger adds one;
// the replay of the log finds out whether they are in the log, and whether they are all.
custody::LogKeys LearnLogKeys(const Source& source, const custody::SignedEntry& genesis,
                              std::span<const KeptCheckpoint> kept);

// The entry at `at`, if an inclusion proof leads from its bytes to the root. kTampered if not.
// REQUIRES: at < tree.size.
Result<custody::SignedEntry> ReadProven(const Source& source, const tlog::SignedSize& tree, tlog::Sequence at);

// The state of the log at a checkpoint, without reading all entries before it.
struct Resumed {
  tlog::GrowingTree tree;
  custody::State state;
  std::vector<tlog::Sequence> acts;  // it was made of
};
// Made from the acts that were noted or that the source's index names, each proven to be in the checkpoint's
// tree. That the index names all of them is not proven here; a verifier that verified the log in full up to here
// has seen it. kNotFound if there are no notes and the source keeps no index; kTampered if an act does not fit.
Result<Resumed> ResumeAt(const Source& source, const custody::SignedEntry& genesis, const tlog::Checkpoint& base,
                         const std::optional<std::vector<tlog::Sequence>>& acts, custody::Ask ask);

}  // namespace exhibit::verify
