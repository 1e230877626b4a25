// How the programs use the allocator.
#pragma once

namespace exhibit {

// Keeps memory that was freed instead of handing it back to the system. Blocks of 1 MiB come and go
// thousands of times here, and glibc's defaults unmap each and fault in 256 new pages for the next:
// verification took 2.8 times the processor, export four times. The price is 10 MiB at the peak.
// For `main`, before threads are started; a library has no business to decide this for its program.
void KeepFreedMemory();

}  // namespace exhibit
