// What a program asks of the system for itself, before anything else.
#pragma once

namespace exhibit::cli {

// Its standard streams are open, it leaves no core, says why it ends, keeps memory that it freed, may open many files, and
// knows how wide the user's characters are.
void PrepareProcess();

}  // namespace exhibit::cli
