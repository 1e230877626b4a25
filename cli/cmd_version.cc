// exhibit version
#include <memory>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cli/version.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  bool json = false;
};

Result<ExitCode> ShowVersion(const Arguments& arguments, const Globals& /*globals*/) {
  if (arguments.json) {
    PrintJson({{"version", EXHIBIT_VERSION}, {"entry_format", 1}, {"store_format", 1}});
  } else {
    Print(std::string(kVersion) + "\n");
  }
  return ExitCode::kOk;
}

}  // namespace

void RegisterVersion(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("version", "print the version and the formats it knows");
  command.ForgivesSettings();
  command.AddJson(arguments->json);
  commands.RunWithoutVault(command, arguments, ShowVersion);
}

}  // namespace exhibit::cli
