// What is ours about the command line that CLI11 reads: what --help looks like, and how the reading ends, with help that
// was asked for or with an error that begins as all of ours do.
#pragma once

#include <CLI/CLI.hpp>

namespace exhibit::cli {

// Gives --help one form, whichever version of CLI11 there is: docs/CLI.md is made of it. For a program before it has
// commands, which take it over.
void FormHelp(CLI::App& app);

// Prints either. The program's exit status: 0 for help, 2 for what was not understood.
int EndParsing(const CLI::App& app, const CLI::ParseError& error);

}  // namespace exhibit::cli
