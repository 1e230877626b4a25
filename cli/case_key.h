// exhibit case key: the key by which somebody finds the entries of one case, in a published log too.
#pragma once

#include "cli/command.h"

namespace exhibit::cli {

// As a command of `exhibit case`.
void AddCaseKeyCommand(const Command& of_case, const Commands& commands);

}  // namespace exhibit::cli
