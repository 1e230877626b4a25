// What the program's exit status says. Frozen: scripts depend on it.
//
//   0    done, and what was checked holds
//   1    it could not be done, or could not be read
//   2    usage: the command line is wrong
//   3    something was changed, is missing, or contradicts (a vault that is older than its kept head, too)
//   4    busy: another process is writing to the vault
//   5    it holds, but nothing was brought that says whose it is: no fingerprint, no policy
//   6    the key at hand opens none of it
//   7    older than what was seen before, and consistent with it: a published copy that lags
//   8    a newer version of the program is needed; verified up to an entry that is named
//   130  interrupted (Ctrl-C)
#pragma once

#include "vault/base/error.h"

namespace exhibit::cli {

enum class ExitCode : int {
  kOk = 0,
  kFailed = 1,
  kUsage = 2,
  kVerificationFailed = 3,
  kBusy = 4,
  kNotAnchored = 5,
  kWrongKey = 6,
  kOlder = 7,
  kNewerNeeded = 8,
  kInterrupted = 130,
};

inline ExitCode ExitCodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kTampered: return ExitCode::kVerificationFailed;
    case ErrorCode::kBusy: return ExitCode::kBusy;
    case ErrorCode::kWrongKey: return ExitCode::kWrongKey;
    case ErrorCode::kInterrupted: return ExitCode::kInterrupted;
    default: return ExitCode::kFailed;
  }
}

}  // namespace exhibit::cli
