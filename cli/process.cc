#include "cli/process.h"

#include "vault/base/machine.h"
#include "vault/base/memory.h"
#include "vault/base/open_files.h"
#include "vault/base/standard_streams.h"

namespace exhibit::cli {

void PrepareProcess() {
  HoldStandardStreams();
  ForbidCoreDumps();
  SayWhyItEnds();
  KeepFreedMemory();
  RaiseOpenFileLimit();
  TakeLocale();
}

}  // namespace exhibit::cli
