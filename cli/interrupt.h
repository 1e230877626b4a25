// Ctrl-C: the first asks the work to stop at the next safe place, the second ends the program.
#pragma once

#include <atomic>

namespace exhibit::cli {

// Takes over SIGINT, SIGTERM and SIGHUP; one that was ignored when the program began, as nohup ignores SIGHUP, stays
// ignored. Call once, before threads start.
void InstallInterruptHandler();

// True once the user asked to stop.
const std::atomic<bool>& Interrupted();

}  // namespace exhibit::cli
