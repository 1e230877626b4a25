// exhibit collect: seals evidence on a machine that can read nothing, into a folder that is carried to the vault.
#include <memory>

#include "cli/collecting.h"
#include "cli/command.h"

namespace exhibit::cli {
namespace {

constexpr std::string_view kTyped = "exhibit collect";

Result<ExitCode> RunCollect(CollectArguments& arguments, const Globals& globals) {
  arguments.quiet = globals.quiet;
  return Collect(arguments, kTyped);
}

}  // namespace

void RegisterCollect(Commands commands) {
  auto arguments = std::make_shared<CollectArguments>();
  const Command command = commands.program.AddCommand("collect", kCollectMeaning);
  AddCollectOptions(command, *arguments, kTyped);
  commands.RunWithoutVault(command, arguments, RunCollect);
}

}  // namespace exhibit::cli
