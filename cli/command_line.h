// How the reading of a command line ends: with help that was asked for, or with an error that begins as all of ours do.
#pragma once

#include <CLI/CLI.hpp>

namespace exhibit::cli {

// Prints either. The program's exit status: 0 for help, 2 for what was not understood.
int EndParsing(const CLI::App& app, const CLI::ParseError& error);

}  // namespace exhibit::cli
