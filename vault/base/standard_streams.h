// The three streams that a process begins with. A service manager or a script may start it without one of them, and then the
// next file that is opened gets its number: messages would go into a file of the vault.
#pragma once

namespace exhibit {

// Puts /dev/null where a stream is closed, opened so that using it fails as a closed one does: nothing can be read from 0,
// and what is written to 1 is an error, not lost. Messages (2) go nowhere. Call it before anything is opened.
void HoldStandardStreams();

}  // namespace exhibit
