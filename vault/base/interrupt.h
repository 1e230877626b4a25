// A request to stop, seen between two steps of long work: the caller sets the flag (from a signal's
// handler, or another thread), the work returns kInterrupted and leaves what a failure would leave.
// A null flag never asks.
#pragma once

#include <atomic>

#include "vault/base/error.h"

namespace exhibit {

inline bool IsSet(const std::atomic<bool>* interrupted) { return interrupted != nullptr && *interrupted; }

inline Result<void> StopIfAsked(const std::atomic<bool>* interrupted) {
  if (IsSet(interrupted)) return Fail(ErrorCode::kInterrupted, "interrupted");
  return {};
}

}  // namespace exhibit
