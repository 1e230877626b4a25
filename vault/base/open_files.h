// How many files a process may have open.
#pragma once

namespace exhibit {

// Raises the soft limit to at most kMostOpenFiles, as far as the system's administrator allows it. A vault of any size
// needs some dozens of open files (store/rocks_runs.h, store/packs.h); the rest is room for bundles, drops and other
// libraries. A failure is not reported: if a limit is reached later, that error names it.
// For `main`, before threads are started.
void RaiseOpenFileLimit();

}  // namespace exhibit
