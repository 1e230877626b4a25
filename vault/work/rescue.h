// Rescue: all that is left of a damaged vault, as a vault again.
//
// The new vault is the same log: the same entries, byte for byte, the same fingerprint, checkpoints and sealed files, in a
// new store. Nothing is signed and nothing is left out without a word: what is lost keeps its place, `verify` names it
// there for ever, and the tree still proves what stood there. The damaged vault is read as plain files (rescue/carve.h), and
// never opened, locked or written to; no key is needed.
//
//   1  everything that is signed is looked for: in all files of the damaged vault, whatever its lists say, and in the
//      other places that the user names
//   2  the longest log that a signed checkpoint proves is put together (rescue/found_log.h)
//   3  a new vault is written beside its final name: entries, tree, index, sealed files, keys, cosignatures
//   4  it is verified as any vault, and gets its name
//
// After a kill there is the new vault, or none.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/rescue/found_log.h"
#include "vault/rescue/sealed.h"
#include "vault/session/vault_reader.h"
#include "vault/store/engine.h"
#include "vault/verify/verifier.h"

namespace exhibit::work {

struct RescueJob {
  std::filesystem::path damaged;
  std::filesystem::path target;                     // a new vault
  std::vector<std::filesystem::path> also;          // places that may fill gaps
  std::optional<custody::Fingerprint> fingerprint;  // of the vault, where the user brought it
  const store::Engine* engine = nullptr;            // of the new store; null for RocksDB
  const std::atomic<bool>* interrupted = nullptr;
  std::atomic<std::uint64_t>* bytes_read = nullptr;  // for a progress line
};

// An entry of which something is lost.
struct LostPart {
  tlog::Sequence entry;
  tlog::LeafHash leaf;                       // proven by the head
  std::optional<custody::SignedEntry> says;  // nothing if the entry itself is lost
  rescue::SealedLoss sealed = {};
  std::vector<tlog::Sequence> headers = {};  // made anew under these entries, and lost
};

struct Rescued {
  custody::Fingerprint fingerprint;
  tlog::Checkpoint head;
  std::uint64_t entries = 0;                           // kept
  std::uint64_t sealed = 0;                            // sealed files that are whole
  std::uint64_t bytes = 0;                             // of payloads, whole or not
  std::uint64_t after_head = 0;                        // entries that the next writer signs over
  std::vector<LostPart> lost;                          // ascending
  std::optional<tlog::Checkpoint> signed_head;         // larger than `head`: the entries up to it are lost
  std::vector<std::string> lost_files;                 // of keys/: what it was, and that it is not
  std::vector<rescue::CarvedCheckpoint> contradicted;  // signed by the log's key, of another history
  std::vector<LostHead> kept;  // heads that this user kept, and that the new vault does not extend
  std::vector<std::string> remarks;
  verify::Report report;  // of the new vault

  // Whether the new vault is the damaged one, and nothing of it is missing.
  bool is_whole() const;
};

//   kInvalid     the target lies in the damaged vault; or as of FindLog
//   kExists      the target is there
//   kNotFound    no log is proven by what is left; nothing was written
//   kPermission  a file may not be read
//   kIo          the target's disk is full, or fails; nothing is left of the new vault
Result<Rescued> Rescue(const RescueJob& job, Pool& pool);

}  // namespace exhibit::work
