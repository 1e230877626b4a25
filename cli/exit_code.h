// What the program's exit status says. Frozen: scripts depend on it.
//
//   0    done, and everything asked for holds
//   1    failed: something could not be done
//   2    usage: the command line is wrong
//   3    verification failed: what is stored is not what was signed
//   4    busy: another process is writing to the vault
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
  kInterrupted = 130,
};

inline ExitCode ExitCodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kTampered: return ExitCode::kVerificationFailed;
    case ErrorCode::kBusy: return ExitCode::kBusy;
    case ErrorCode::kInterrupted: return ExitCode::kInterrupted;
    default: return ExitCode::kFailed;
  }
}

}  // namespace exhibit::cli
