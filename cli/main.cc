// exhibit: its options, its commands, and what the process asks of the system before any of them.
#include <clocale>

#include "cli/command.h"
#include "cli/command_line.h"
#include "cli/documents.h"
#include "cli/version.h"
#include "vault/base/memory.h"
#include "vault/base/open_files.h"
#include "vault/base/standard_streams.h"

namespace exhibit::cli {
namespace {

// Commands by what one wants to do. `tests/docs/run.py` finds a command that is in no group.
Program::Groups CommandGroups() {
  return {
      {"Begin, and see how things are", {"init", "kit", "status", "doctor"}},
      {"Take evidence in", {"add", "collect", "take-in", "collector"}},
      {"Look at it", {"list", "show", "cat", "restore", "history", "timeline", "case", "log"}},
      {"Hand it over", {"export", "prove", "transfer", "receive"}},
      {"Check that nothing was changed", {"verify", "verify-bundle", "verify-log"}},
      {"Let others see that nothing is changed later", {"checkpoint", "publish", "timestamp", "witness", "fork-proof"}},
      {"Say more of it, keep it, destroy it", {"note", "hold", "release", "shred"}},
      {"People and keys",
       {"custodian", "reader", "rule", "suspend", "lift", "keygen", "passphrase", "rotate-log-key", "reseal"}},
      {"After a loss", {"recover", "recover-head", "rescue"}},
      {"Help", {"help", "version"}},
  };
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
    "`exhibit help` lists all commands, `exhibit help COMMAND` explains one, `exhibit help words` its words.\n";

int Main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");
  Program exhibit({"exhibit", "an encrypted, append-only vault for forensic evidence", kVersion, EnvironmentText()});
  const Command program = exhibit.command();
  Globals globals;
  globals.AddTo(program);
  exhibit.TakesCommands();
#define EXHIBIT_REGISTER(name) Register##name({program, globals});
  EXHIBIT_COMMANDS(EXHIBIT_REGISTER)
#undef EXHIBIT_REGISTER
  exhibit.Group(CommandGroups());
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
  exhibit::HoldStandardStreams();
  exhibit::ForbidCoreDumps();
  exhibit::SayWhyItEnds();
  exhibit::KeepFreedMemory();
  exhibit::RaiseOpenFileLimit();
  return exhibit::cli::Main(argc, argv);
}
