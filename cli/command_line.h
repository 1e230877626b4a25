// Our part of the command line that CLI11 parses: the form of --help, and the end of parsing: with help that
// was asked for, or with an error in the form of all our errors.
#pragma once

#include <CLI/CLI.hpp>

namespace exhibit::cli {

// Gives --help one form, whichever version of CLI11 there is: docs/CLI.md is made of it. For a program before it has
// commands, which take it over.
void FormHelp(CLI::App& app);

// Prints either. Returns the program's exit status: 0 for help, 2 for a command line that was not understood.
int EndParsing(const CLI::App& app, const CLI::ParseError& error);

}  // namespace exhibit::cli
