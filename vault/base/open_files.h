// How many files a process may have open.
#pragma once

namespace exhibit {

// Raises the soft limit to at most kMostOpenFiles, as far as the system's administrator allows it. Nothing here
// needs that many: a vault of any size is read and written with some dozens (store/rocks_runs.h, store/packs.h);
// what lies in a bundle's or a drop's folder, and what other libraries open, has room then. Failing is no error:
// a limit that is met later names itself.
// For `main`, before threads are started.
void RaiseOpenFileLimit();

}  // namespace exhibit
