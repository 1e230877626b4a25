// Takes in items that collectors sealed and somebody carried here in a drop (intake/drop.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "vault/custody/collected.h"
#include "vault/intake/walk.h"
#include "vault/session/vault.h"

namespace exhibit::work {

// What became of one item of a drop.
struct TakenIn {
  tlog::Sequence entry;
  custody::CollectedNumber of;
  std::uint64_t payload_bytes = 0;
};

struct TakeInRequest {
  std::filesystem::path drop;
  std::function<void(const TakenIn&)> on_taken;
  std::function<void(const intake::Refused&)> on_refused;
  // About a foreign file, an item that is in the log already, a gap in a series.
  std::function<void(const std::string&)> on_remark;
  const std::atomic<bool>* interrupted = nullptr;
};

struct TakeInOutcome {
  std::optional<tlog::Checkpoint> checkpoint;  // if anything was taken in
  std::uint64_t taken = 0;
  std::uint64_t already = 0;  // in the log before, the same item
  std::uint64_t refused = 0;
};

// Takes each complete item of the drop into the vault, in the order of collectors and numbers, after it was
// checked to the last byte and found signed by a key that may collect. Changes nothing in the drop. An item that does
// not fit is refused by name, and the rest goes on.
//   kNotFound     there is no such folder
//   kInterrupted  between items; items that were taken in stay, and another call goes on
Result<TakeInOutcome> TakeIn(VaultWriter& vault, const TakeInRequest& request);

}  // namespace exhibit::work
