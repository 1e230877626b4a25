// The main program: parses the command line, runs one command, and turns its result into an exit status.
#include <clocale>
#include <cstdio>

#include "cli/command.h"
#include "cli/command_line.h"
#include "cli/interrupt.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "vault/base/memory.h"
#include "vault/base/open_files.h"

namespace exhibit::cli {
namespace {

constexpr const char* kWelcome =
    "exhibit keeps digital evidence encrypted, in order and provably unchanged.\n\n"
    "A first vault:\n"
    "  exhibit init case --origin example.org/case-1    make it\n"
    "  export EXHIBIT_VAULT=case\n"
    "  exhibit add /var/log/auth.log                    take evidence in\n"
    "  exhibit list                                     see what is there\n"
    "  exhibit verify                                   check that nothing changed\n"
    "  exhibit export 1 --out bundle                    hand it over, with proof\n\n"
    "`exhibit help` lists all commands, `exhibit help COMMAND` explains one, `exhibit help words` its words.\n";

int Main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");
  CLI::App app("an encrypted, append-only vault for forensic evidence", "exhibit");
  FormHelp(app);
  Globals globals;
  Run chosen;
  app.add_option("--vault", globals.vault, "the vault's folder (else EXHIBIT_VAULT, else the current folder)")
      ->type_name("DIR");
  app.add_option("--pin", globals.pins, "a signed checkpoint that you kept; the log must extend it, or nothing is done")
      ->type_name("FILE")
      ->expected(1)
      ->take_all();
  app.add_flag("-q,--quiet", globals.quiet, "say nothing but results and errors");
  app.require_subcommand(0, 1);
  app.fallthrough();
  const Commands commands{app, globals, chosen};
  for (const auto& add :
       {RegisterInit,        RegisterAdd,          RegisterList,      RegisterShow,         RegisterCat,
        RegisterLog,         RegisterVerify,       RegisterExport,    RegisterVerifyBundle, RegisterCheckpoint,
        RegisterPublish,     RegisterVerifyLog,    RegisterTimestamp, RegisterWitness,      RegisterForkProof,
        RegisterRecoverHead, RegisterRotateLogKey, RegisterCustodian, RegisterHold,         RegisterRelease,
        RegisterShred,       RegisterTransfer,     RegisterReceive,   RegisterNote,         RegisterRule,
        RegisterReader,      RegisterReseal,       RegisterCollector, RegisterCollect,      RegisterTakeIn,
        RegisterHistory,     RegisterCase,         RegisterTimeline,  RegisterKeygen,       RegisterHelp,
        RegisterVersion}) {
    add(commands);
  }
  app.footer(
      "Exit status: 0 done, and what was checked holds; 1 it could not be done or read; 2 usage; 3 something was\n"
      "changed, is missing or contradicts; 4 another process is writing; 5 it holds, but nothing was brought that "
      "says\n"
      "whose it is; 6 the key at hand opens none of it; 7 older than what was seen before, and consistent with it;\n"
      "8 a newer version is needed; 130 interrupted.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return EndParsing(app, error);
  }
  if (!chosen) {
    Print(kWelcome);
    return static_cast<int>(ExitCode::kOk);
  }
  InstallInterruptHandler();
  RememberPassphraseFile();
  const Result<ExitCode> result = chosen();
  if (result) return static_cast<int>(*result);
  PrintError(result.error());
  return static_cast<int>(ExitCodeOf(result.error().code));
}

}  // namespace
}  // namespace exhibit::cli

int main(int argc, char** argv) {
  exhibit::ForbidCoreDumps();
  exhibit::KeepFreedMemory();
  exhibit::RaiseOpenFileLimit();
  return exhibit::cli::Main(argc, argv);
}
