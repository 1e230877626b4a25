// exhibit: its options, its commands, and what the process asks of the system before any of them.
#include <algorithm>
#include <cctype>
#include <span>
#include <string>
#include <string_view>

#include "cli/command.h"
#include "cli/command_line.h"
#include "cli/documents.h"
#include "cli/process.h"
#include "cli/version.h"

namespace exhibit::cli {
namespace {

// Commands by what one wants to do. `tests/docs/run.py` finds a command that is in no group.
Program::Groups CommandGroups() {
  return {
      {"Begin, and see how things are", {"init", "policies", "kit", "status", "doctor"}},
      {"Take evidence in", {"add", "collect", "take-in", "collector"}},
      {"Look at it", {"list", "show", "cat", "restore", "history", "timeline", "case", "log"}},
      {"Hand it over", {"export", "prove", "transfer", "receive"}},
      {"Check that nothing was changed", {"verify", "verify-bundle", "verify-log"}},
      {"Let others see that nothing is changed later", {"checkpoint", "publish", "timestamp", "witness", "fork-proof"}},
      {"Say more of it, keep it, destroy it", {"note", "hold", "release", "shred", "retain", "replicate"}},
      {"People and keys",
       {"custodian", "reader", "rule", "suspend", "lift", "keygen", "passphrase", "rotate-log-key", "reseal"}},
      {"After a loss", {"recover", "recover-head", "rescue"}},
      {"Help", {"help", "version"}},
  };
}

struct Registration {
  std::string_view function;  // "RotateLogKey"
  void (*with)(Commands);
};
constexpr Registration kRegistrations[] = {
#define EXHIBIT_REGISTRATION(name) {#name, Register##name},
    EXHIBIT_COMMANDS(EXHIBIT_REGISTRATION)
#undef EXHIBIT_REGISTRATION
};

// "rotate-log-key": the command that the function registers.
std::string CommandOf(const Registration& one) {
  std::string name;
  for (const char letter : one.function) {
    const bool begins_word = std::isupper(static_cast<unsigned char>(letter)) != 0;
    if (begins_word && !name.empty()) name += '-';
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return name;
}

// The command that is the first word after the program's own options, if it needs no other one: `help` explains all of them.
const Registration* FindFirst(std::span<char* const> words) {
  words = Globals::PassOver(words.subspan(std::min<std::size_t>(words.size(), 1)));
  if (words.empty()) return nullptr;
  const std::string_view first = words.front();
  for (const Registration& one : kRegistrations) {
    if (first != "help" && CommandOf(one) == first) return &one;
  }
  return nullptr;
}

// Telling CLI11 the options of all commands takes 3 of the 7 ms of a short command: where the command can be seen before, only
// that one is registered.
void RegisterCommands(Program& exhibit, Commands commands, std::span<char* const> words) {
  exhibit.TakesCommands();
  if (const Registration* const first = FindFirst(words)) return first->with(commands);
  for (const Registration& one : kRegistrations) one.with(commands);
  exhibit.Group(CommandGroups());
}

constexpr const char* kWelcome =
    "exhibit keeps digital evidence encrypted, in order and provably unchanged.\n\n"
    "A first vault:\n"
    "  exhibit init case --origin x7.example/q4d2       make it\n"
    "  export EXHIBIT_VAULT=case\n"
    "  exhibit add /var/log/auth.log                    take evidence in\n"
    "  exhibit list                                     see what is there\n"
    "  exhibit verify                                   check that nothing changed\n"
    "  exhibit export 1 --out bundle                    hand it over, with proof\n\n"
    "`exhibit help` lists all commands, `exhibit help COMMAND` explains one,\n`exhibit help words` its words.\n";

int Main(int argc, char** argv) {
  Program exhibit({"exhibit", "an encrypted, append-only vault for forensic evidence", kVersion, EnvironmentText()});
  const Command program = exhibit.command();
  Globals globals;
  globals.AddTo(program);
  RegisterCommands(exhibit, {program, globals}, {argv, static_cast<std::size_t>(argc)});
  exhibit.TakesSettings([&globals] { return globals.ReadSettings(); });
  // After the commands, which would take it over.
  program.Footer(
      "exhibit help COMMAND explains one of them, exhibit help words the words, exhibit help environment the "
      "variables\n"
      "and the configuration file.\n\n"
      "Exit status: 0 done, and what was checked holds; 1 it could not be done or read; 2 usage; 3 something was\n"
      "changed, is missing or contradicts; 4 another process is writing; 5 it holds, but nothing was brought that "
      "says\n"
      "whose it is; 6 the key at hand opens none of it; 7 older than what was seen before, and consistent with it;\n"
      "8 a newer version is needed; 130 interrupted.");
  return exhibit.Main(argc, argv, kWelcome);
}

}  // namespace
}  // namespace exhibit::cli

int main(int argc, char** argv) {
  exhibit::cli::PrepareProcess();
  return exhibit::cli::Main(argc, argv);
}
