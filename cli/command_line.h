// A program's command line: it understands what the user typed, runs one command, and turns what that says into an exit
// status. What is ours about it is what --help looks like (help_text.h), whichever version of CLI11 there is, that an error
// of usage begins as all of ours do and says what was meant, and that an error is JSON too where --json was asked for.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/options.h"

namespace exhibit::cli {

// What a configuration file says: values by the keys that options name (Option::Setting).
using SettingValues = std::map<std::string, std::vector<std::string>>;

struct ProgramAbout {
  std::string name;
  std::string description;
  std::string version;        // what --version prints
  std::string_view appendix;  // of its manual page, as Markdown: files, environment, exit statuses
};

class Program {
 public:
  explicit Program(const ProgramAbout& about);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  Command command();  // the program itself, to add options and commands to
  // A command may be named, or none; options of the program may follow its name.
  void TakesCommands();

  // Commands are listed by what one wants to do: each group, a heading and the names under it, in this order.
  using Groups = std::vector<std::pair<std::string, std::vector<std::string>>>;
  void Group(const Groups& groups);

  // Asked once the command line has been understood, before the command runs.
  using ReadSettings = std::function<Result<SettingValues>()>;
  void TakesSettings(ReadSettings read) { read_settings_ = std::move(read); }

  // The exit status, after anything there is to say was said: 0 for help that was asked for, 2 for what was not understood.
  // Prints `welcome` where no command was named. `PROGRAM --generate man [DAY]|bash|zsh|fish`, which no help names, prints the
  // manual page or the completion.
  int Main(int argc, char** argv, const std::string& welcome = "");

 private:
  // What the user gave no option and no variable for. kInvalid for a value that the option refuses.
  Result<void> ApplySettings() const;

  ProgramAbout about_;
  std::unique_ptr<CLI::App> app_;
  Wiring wiring_;
  ReadSettings read_settings_;
};

}  // namespace exhibit::cli
