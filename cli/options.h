// What a command takes, as the help shows it: options, flags, and commands of its own. CLI11 does the work, and only
// options.cc and command_line.cc include it: to read and instantiate it took half of the time in which cli/ was built.
//
// An Option and a Command are handles, valid as long as the Program (command_line.h) that they were made of. What they
// fill in must live until the command has run. A word that does not fit ends the program with status 2 before any command
// runs; the message names the option.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/definition.h"
#include "cli/exit_code.h"
#include "vault/base/error.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace exhibit::cli {

// What a command does once the command line has been understood. The program prints the error that it returns.
using Run = std::function<Result<ExitCode>()>;

// What a program's commands and options are tied to.
struct Wiring {
  Run chosen = {};  // set by the command that the user named
  // Options that a configuration file may fill in where the user gave none.
  struct Setting {
    CLI::Option* option;
    std::string key;
    const char* variable;  // of the environment, which counts for more; null where there is none
  };
  std::vector<Setting> settings = {};
  std::vector<const CLI::App*> forgiving = {};  // commands that run although the configuration cannot be read
};

// An option or a flag, after it was added to a command.
class Option {
 public:
  Option(CLI::Option& option, Wiring& wiring) : option_(&option), wiring_(&wiring) {}

  const Option& Required() const;
  const Option& TypeName(const std::string& name) const;  // what the help calls the value
  const Option& Environment(const char* variable) const;  // where the value is taken from if the option is absent
  const Option& Separator(char between) const;            // of several values in one word
  const Option& ShowDefault() const;                      // the value that the variable has now
  const Option& Between(std::uint64_t least, std::uint64_t most) const;
  const Option& Number() const;       // "N", from 1 on: of an entry or a person
  const Option& OneEachTime() const;  // takes one value, and may be repeated
  const Option& Excludes(const Option& other) const;
  const Option& Needs(const Option& other) const;
  // Where the user gives none, and the variable neither, the value that a configuration file has for `key`.
  const Option& Setting(const std::string& key, const char* variable = nullptr) const;

 private:
  CLI::Option* option_;
  Wiring* wiring_;
};

class Command {
 public:
  Command(CLI::App& app, Wiring& wiring) : app_(&app), wiring_(&wiring) {}

  // `names` as the user types them: "-o,--out", or "N" for what has a place and no name.
  Option AddOption(const std::string& names, std::string& value, const std::string& meaning) const;
  Option AddOption(const std::string& names, std::vector<std::string>& values, const std::string& meaning) const;
  Option AddOption(const std::string& names, std::uint64_t& value, const std::string& meaning) const;
  Option AddOption(const std::string& names, std::optional<std::uint64_t>& value, const std::string& meaning) const;
  Option AddOption(const std::string& names, int& value, const std::string& meaning) const;
  Option AddFlag(const std::string& names, bool& is_given, const std::string& meaning) const;
  // --json.
  Option AddJson(bool& json) const { return AddFlag("--json", json, "print JSON"); }
  // Seconds, with a fraction or without, up to a year. The option without a number is `without`.
  Option AddSeconds(const std::string& names, std::chrono::milliseconds& value, std::chrono::seconds without,
                    const std::string& meaning) const;

  // A command of this one: `exhibit` has `custodian`, which has `add`.
  Command AddCommand(const std::string& name, const std::string& description) const;
  // One of its commands must be named; options of this one may follow it.
  void NeedsCommand() const;
  void Footer(const std::string& text) const;
  // The help of the command above lists it under this heading.
  void Group(const std::string& heading) const;
  // It runs although the configuration cannot be read: it helps with that.
  void ForgivesSettings() const;
  void Runs(Run run) const;

  // All that was said of it and its commands.
  CommandDefinition Definition() const;

  // The help of the command that `topic` names, from this one on. kNotFound names the word that is no command.
  Result<std::string> HelpOn(const std::vector<std::string>& topic) const;

 private:
  CLI::App* app_;
  Wiring* wiring_;
};

// "1.5": seconds from 0 to a year. Nothing for anything else: no sign, no exponent, no "nan".
std::optional<std::chrono::milliseconds> ParseSeconds(std::string_view text);

// What the user gave: nothing for an empty text.
inline std::optional<std::string> Given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace exhibit::cli
