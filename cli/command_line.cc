#include "cli/command_line.h"

#include "cli/exit_code.h"
#include "cli/terminal.h"

namespace exhibit::cli {
namespace {

// The command that the user named, or the program: whose --help helps.
std::string NameOf(const CLI::App& app) {
  std::string name = app.get_name();
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    name += " " + at->get_name();
  }
  return name;
}

}  // namespace

int EndParsing(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    app.exit(error);
    return static_cast<int>(ExitCode::kOk);
  }
  PrintError({ErrorCode::kInvalid, error.what(), NameOf(app) + " --help"});
  return static_cast<int>(ExitCode::kUsage);
}

}  // namespace exhibit::cli
