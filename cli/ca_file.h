// --ca-file FILE: the authorities that a command believes for a URL of https.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace exhibit::cli {

void AddCaFileTo(CLI::App& command, std::string& ca_file);

}  // namespace exhibit::cli
