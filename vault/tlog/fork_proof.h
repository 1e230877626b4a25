// Evidence that a log was shown in two histories: two checkpoints that its key signed, and the
// contradiction. Whoever has the file and knows which key signs the log at these two sizes can check it. The file does
// not name that key: a log's key can be replaced, and the thief of an old one would not say so. The log says it
// (custody/log_keys.h).
//
//   "exhibit-fork-proof@v1\n"
//   [ "prefix " base64(root of the first tree's size within the second tree, 32 bytes) "\n"
//     { "hash " base64(hash, 32 bytes) "\n" } ]   the consistency proof of that root, at most 63
//   "\n"
//   the smaller signed checkpoint, or either of two of one size
//   "\n"
//   the other signed checkpoint
//
// Two roots of one size contradict each other. For two sizes the prefix shows it: the proof leads from
// it to the larger root, so it is what the larger history has at that size, and it is not the smaller root.
// Without a prefix two sizes contradict nothing: the log may have grown. The file then only shows that both
// were signed, which matters to a person who knows that the smaller one was shown last.
//
// Read strictly, and written again as the same bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/proof.h"

namespace exhibit::tlog {

inline constexpr std::size_t kMaxForkProofBytes = 3 * kMaxNoteBytes;

struct ForkProof {
  struct Prefix {
    RootHash root;
    ProofHashes hashes;
  };
  std::optional<Prefix> prefix;
  Bytes smaller;  // signed notes
  Bytes larger;
};

Bytes EncodeForkProof(const ForkProof& proof);
// kInvalid naming what is wrong.
Result<ForkProof> DecodeForkProof(ByteView bytes);

// From two signed checkpoints of one log, in any order. `larger_tree` has the tiles of the larger one;
// null where they are not at hand, as when the smaller one is all that is left.
Result<ForkProof> MakeForkProof(ByteView one, ByteView other, const TileReader* larger_tree);

struct Fork {
  enum class Kind : std::uint8_t {
    kTwoRoots,  // of one size
    kTwoPasts,  // the larger history had another beginning
    kTwoSizes,  // nothing contradicts; the larger may extend the smaller
  };
  Kind kind = Kind::kTwoSizes;
  Checkpoint smaller;
  Checkpoint larger;
};

// The keys of which one has to have signed the log's checkpoint of this size.
using KeysAt = std::function<std::vector<VerifierKey>(TreeSize)>;

// What the file proves.
//   kDenied    none of the keys for its size signed one of the two
//   kTampered  a signature of theirs does not fit, the two are of different logs, the prefix does not lead
//              to the larger root, or nothing contradicts because the two are the same, or the prefix is
//              the smaller root
Result<Fork> CheckForkProof(const ForkProof& proof, const KeysAt& keys_at);

}  // namespace exhibit::tlog
