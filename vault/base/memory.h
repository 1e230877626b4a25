// How the programs use memory: the allocator, and who may see it.
#pragma once

namespace exhibit {

// Keeps memory that was freed instead of handing it back to the system. Blocks of 1 MiB come and go
// thousands of times here, and glibc's defaults unmap each and fault in 256 new pages for the next:
// verification took 2.8 times the processor, export four times. The price is 10 MiB at the peak.
// For `main`, before threads are started; a library has no business to decide this for its program.
void KeepFreedMemory();

// Keeps memory, which holds keys and evidence in the clear, out of core dumps. A limit of size 0 stops the system from
// writing core files. A handler that the kernel pipes cores to (systemd-coredump, apport) ignores that limit and obeys
// the dumpable flag, which also keeps other processes of the same user from reading the memory. A program that was
// started under a debugger stays dumpable, or the debugger could not read it. For `main`, before anything is read.
void ForbidCoreDumps();

// What ends a program that got no memory or no thread from the system, and is no fault of what it reads: a message,
// and the status of what could not be done, in the place of an abort. For `main`, before threads are started.
void SayWhyItEnds();

}  // namespace exhibit
