// A checkpoint as every command shows it: to people on a line, to machines as an object. Signed checkpoints are text of
// their own (`note`), and go where whoever keeps them wants.
#pragma once

#include <string>

#include "vault/base/json.h"
#include "vault/tlog/checkpoint.h"

namespace exhibit::cli {

// "checkpoint   ORIGIN, size 7, root …", with a line feed.
std::string CheckpointLine(const tlog::Checkpoint& checkpoint);

// {"origin", "size", "root"}
Json JsonOf(const tlog::Checkpoint& checkpoint);

}  // namespace exhibit::cli
