// exhibit version
#include "cli/command.h"
#include "cli/terminal.h"

namespace exhibit::cli {

void RegisterVersion(Commands commands) {
  const Command command = commands.program.AddCommand("version", "print the version and the formats it knows");
  command.Runs([]() -> Result<ExitCode> {
    Print("exhibit " EXHIBIT_VERSION
          "\nentry format 1, store format 1, age-encryption.org/v1, c2sp.org/tlog-proof@v1\n");
    return ExitCode::kOk;
  });
}

}  // namespace exhibit::cli
