// How the programs use memory: the allocator, and who may see it.
#pragma once

namespace exhibit {

// Keeps memory that was freed instead of handing it back to the system. Blocks of 1 MiB come and go
// thousands of times here, and glibc's defaults unmap each and fault in 256 new pages for the next:
// verification took 2.8 times the processor, export four times. The price is 10 MiB at the peak.
// For `main`, before threads are started; a library has no business to decide this for its program.
void KeepFreedMemory();

// Keeps what is in memory out of core dumps: evidence in the clear is there, and keys are. The limit of a core's size
// stops the system's own writing of files; a handler that the core is piped to (systemd-coredump, apport) ignores it
// and obeys the dumpable flag, which also keeps other processes of the same user from reading the memory. A program that
// was started under a debugger stays dumpable, or the debugger could not read it. For `main`, before anything is read.
void ForbidCoreDumps();

}  // namespace exhibit
