// A program's command line: it understands what the user typed, runs one command, and turns what that says into an exit
// status. What is ours about it is what --help looks like, which docs/CLI.md is made of whichever version of CLI11 there
// is, and that an error of usage begins as all of ours do and says what was meant.
#pragma once

#include <memory>
#include <string>

#include "cli/options.h"

namespace exhibit::cli {

class Program {
 public:
  Program(const std::string& name, const std::string& description);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  Command command();  // the program itself, to add options and commands to
  // A command may be named, or none; options of the program may follow its name.
  void TakesCommands();

  // The exit status, after anything there is to say was said: 0 for help that was asked for, 2 for what was not understood.
  // Prints `welcome` where no command was named.
  int Main(int argc, char** argv, const std::string& welcome = "");

 private:
  std::unique_ptr<CLI::App> app_;
  Run chosen_;  // set by the command that the user named
};

}  // namespace exhibit::cli
