// --ca-file FILE: the authorities that a command believes for a URL of https.
#pragma once

#include <string>

#include "cli/options.h"

namespace exhibit::cli {

void AddCaFileTo(const Command& command, std::string& ca_file);

}  // namespace exhibit::cli
