// --ca-file FILE: whose certificates are believed for a URL of https that a command asks.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace exhibit::cli {

void AddCaFileTo(CLI::App& command, std::string& ca_file);

}  // namespace exhibit::cli
