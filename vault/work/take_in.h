// Takes in items that collectors sealed into a drop, which somebody carried here (intake/drop.h) or which is a bucket
// (work/bucket_drop.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "vault/custody/statements/collected.h"
#include "vault/intake/drop_files.h"
#include "vault/intake/walk.h"
#include "vault/session/vault.h"

namespace exhibit::work {

// What became of one item of a drop.
struct TakenIn {
  tlog::Sequence entry;
  custody::CollectedNumber of;
  std::uint64_t payload_bytes = 0;
  custody::WordSet<custody::Accepted> accepted = {};  // what was not as it should be of it
};

struct TakeInRequest {
  intake::DropFiles* drop = nullptr;  // REQUIRES: it is given, and outlives the call
  // What a custodian takes in although it is not as it should be: items of a collector whose key was retired, or sealed to
  // an earlier key of the vault. A note on those items says why. REQUIRES: there is a reason if anything is accepted.
  custody::WordSet<custody::Accepted> accept = {};
  std::string reason = {};
  std::function<void(const TakenIn&)> on_taken;
  std::function<void(const intake::Refused&)> on_refused;
  // About a foreign file, an item that is in the log already, a gap in a chain, a run that was not closed.
  std::function<void(const std::string&)> on_remark;
  const std::atomic<bool>* interrupted = nullptr;
};

struct TakeInOutcome {
  std::optional<tlog::Checkpoint> checkpoint;  // if anything was taken in
  std::uint64_t taken = 0;
  std::uint64_t runs = 0;     // closing statements that were taken in
  std::uint64_t already = 0;  // items that were in the log before, the same
  std::uint64_t refused = 0;
};

// Takes each complete item of the drop into the vault, in the order of collectors and numbers, after it was checked to the
// last byte and found signed by a key that may collect; then the closing statements of runs. Where a statement names a key
// that follows the collector's, an entry puts that in its place. Changes nothing in the drop. An item that does not fit is
// refused by name, and the rest goes on.
//   kNotFound     there is no such drop
//   kInvalid      it is no drop
//   kInterrupted  between items; items that were taken in stay, and another call goes on
Result<TakeInOutcome> TakeIn(VaultWriter& vault, const TakeInRequest& request);

}  // namespace exhibit::work
