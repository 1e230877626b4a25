// Replicate: a second copy of a vault, in a folder or on an object store, and bringing it up to date.
//
// The copy is the same log: the same entries, sealed files and signed checkpoints, byte for byte, and so the same fingerprint.
// Nothing is signed, and no entry is added. No secret is needed, and none is copied: keys/ of a copy has what is sealed to
// readers (reader.age, recovery.age). Without the log's key nobody can add to it, so that the log cannot fork by mistake.
//
//   1  what the copy holds is compared: it must be a beginning of the vault's log
//   2  the vault's log is verified, from where the copy ends
//   3  entries and sealed files that are new are read, each compared with what is signed, written, and read back
//      (replica_writer.h); the copy shows a checkpoint once all that it covers is there
//   4  what the log says is destroyed goes in the copy, too; where bytes are locked, when the locks end (sweep.h)
//   5  a copy in a folder that is new gets its name
//
// What is killed on the way is gone on with: entries that are there are compared and not copied again.
//
// A vault moves if its copy is to be the one that is added to: then the secrets that sign and label go there, too, and are
// erased here, so that there is one place that can write at any time (move_keys.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/work/replica.h"

namespace exhibit::work {

// For a progress line; may be read at any time.
struct ReplicateProgress {
  std::atomic<std::uint64_t> entries{0};
  std::atomic<std::uint64_t> entries_total{0};
};

struct ReplicateJob {
  std::function<Result<std::unique_ptr<VaultReader>>()> open_source;
  std::filesystem::path source;                  // its folder
  const store::Engine* source_engine = nullptr;  // null for RocksDB in the folder
  ReplicaPlace to;
  enum class Writing : std::uint8_t { kStaysHere, kMovesThere } writing = Writing::kStaysHere;
  std::optional<custody::Fingerprint> fingerprint;  // of the vault, where the user brought it
  // Of a vault on an object store: gets keys/ anew from there; of a copy on one: puts them there. Null where nothing is to be
  // done.
  std::function<Result<void>()> fetch_keys;
  std::function<Result<void>()> share_keys;
  const std::atomic<bool>* interrupted = nullptr;
  ReplicateProgress* progress = nullptr;
};

struct Replicated {
  custody::Fingerprint fingerprint;
  tlog::Checkpoint head;       // of the copy
  tlog::TreeSize before = {};  // under a checkpoint of the copy; 0 if it is new
  bool is_ahead = false;       // it holds more than the vault, whose log is its beginning; nothing was copied
  std::uint64_t entries = 0;   // copied now, and so on
  std::uint64_t sealed_files = 0;
  std::uint64_t payload_bytes = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t cosigned = 0;
  std::uint64_t moved_keys = 0;
  std::uint64_t destroyed = 0;  // sealed files of which something went, as the log says
  std::vector<std::string> remarks = {};
};

//   kTampered     the vault is not what was signed, or lacks something; or as of Replica::Open
//   kBusy         another process copies there; or, of a vault that moves, adds to it
//   kInvalid      the vault cannot move before what an interrupted command left is ended
//   kUnsupported  a newer version is needed to read the vault's log
//   else as of VaultReader::Open, Replica::Open and both stores
Result<Replicated> Replicate(const ReplicateJob& job, Pool& pool);

}  // namespace exhibit::work
