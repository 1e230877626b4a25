// Which keys sign the checkpoints of a log.
//
// The genesis names the first. Those that entry N of type `log-key` names sign every checkpoint that holds that entry (size
// N + 1 and more); checkpoints up to size N keep the keys before. So for each size there is one list of keys, and whoever
// steals a later key cannot sign an earlier checkpoint again.
#pragma once

#include <string>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/custody/entry_time.h"
#include "vault/custody/log_key_list.h"
#include "vault/custody/noted_checkpoint.h"
#include "vault/tlog/sequence.h"

namespace exhibit::custody {

// With cosignatures, as any note.
inline constexpr std::size_t kMaxHeadBytes = 65'535;

class LogKeys {
 public:
  struct Row {
    tlog::Sequence since;  // the entry that named them
    EntryTime time;        // its time
    LogKeyList keys;
    bool operator==(const Row&) const = default;
  };
  // A head that the log's keys signed.
  struct Head {
    tlog::Checkpoint checkpoint;
    std::vector<std::string> unchecked;  // keys whose line has the right form, and whose algorithm is not here
  };

  LogKeys(LogKeyList first, EntryTime time) : rows_{{{0}, time, std::move(first)}} {}

  // From the checkpoint that holds entry `at` on. REQUIRES: `at` is after the previous change.
  void Replace(tlog::Sequence at, EntryTime time, LogKeyList next);

  const LogKeyList& For(tlog::TreeSize size) const;
  const LogKeyList& present() const { return rows_.back().keys; }
  const std::vector<Row>& rows() const { return rows_; }
  // Whether it is the public half of a key that the log has or had. An ML-DSA-44 key is compared by its bytes, too.
  bool Knows(ByteView public_key) const;

  // A checkpoint inside an entry: of this log, and signed by the Ed25519 key of its size.
  //   kTampered  it is of another origin, or the signature is not that key's
  Result<void> Check(const NotedCheckpoint& noted) const;

  // What an entry or a statement says of a checkpoint of this log, which may have any further lines. Only the line of the
  // Ed25519 key of its size is looked at. Errors as of Open.
  Result<NotedCheckpoint> Noted(ByteView note) const;

  // A checkpoint by itself, with cosignatures: each key of its size has exactly one line, which fits. Lines of other names
  // and ids are passed over.
  //   kInvalid   it is no signed checkpoint
  //   kTampered  a key's line is missing, there twice, or does not fit; or the origin is another one
  Result<Head> Open(ByteView note) const;

  bool operator==(const LogKeys&) const = default;

 private:
  std::vector<Row> rows_;  // ascending, not empty
};

}  // namespace exhibit::custody
