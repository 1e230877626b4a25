// Which key signs the checkpoints of a log.
//
// The genesis names the first. A key that takes its place in entry N signs every checkpoint that holds
// that entry (size N+1 and more); checkpoints up to size N keep the key before. So for each size there is
// exactly one key, and whoever steals a later one cannot sign an earlier checkpoint again.
#pragma once

#include <optional>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/note_key.h"
#include "vault/tlog/sequence.h"

namespace exhibit::custody {

class LogKeys {
 public:
  explicit LogKeys(tlog::VerifierKey first) { keys_.push_back({{0}, std::move(first)}); }

  // From the checkpoint that holds entry `at` on. REQUIRES: `at` is after the previous rotation.
  void Rotate(tlog::Sequence at, tlog::VerifierKey next);

  const tlog::VerifierKey& For(tlog::TreeSize size) const;
  // The entry that took its place from the key that signs at this size; nothing if that is the current one.
  std::optional<tlog::Sequence> ReplacedIn(tlog::TreeSize size) const;
  const tlog::VerifierKey& current() const { return keys_.back().key; }
  bool Knows(const tlog::VerifierKey& key) const;

  // Parses a signed checkpoint, and checks the signature of the key that signs at its size.
  //   kInvalid   it is no signed checkpoint
  //   kTampered  that key's line does not fit the text, or the origin is another one
  //   kDenied    that key did not sign it
  Result<tlog::Checkpoint> Open(ByteView note) const;

  bool operator==(const LogKeys&) const = default;

 private:
  struct Row {
    tlog::Sequence since;
    tlog::VerifierKey key;
    bool operator==(const Row&) const = default;
  };
  std::vector<Row> keys_;  // ascending, not empty
};

}  // namespace exhibit::custody
