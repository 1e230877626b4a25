// A request to stop. The caller sets a flag (in a signal handler, or from another thread); long work looks
// at it between two steps, returns kInterrupted, and leaves the state that a failure would leave. A null
// flag never asks to stop.
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
