// A command that has commands of its own, such as `custodian add`: which of them the user chose.
#pragma once

#include <memory>

#include "cli/command.h"

namespace exhibit::cli {

// Runs `action` with the arguments that all of them share, once the command line has been understood.
template <typename Arguments>
void RunWhenChosen(CLI::App& command, const std::shared_ptr<Arguments>& arguments, Commands commands,
                   Result<ExitCode> (*action)(const Arguments&, const Globals&)) {
  command.callback([arguments, commands, action] {
    commands.chosen = [arguments, action, &globals = commands.globals] { return action(*arguments, globals); };
  });
}

}  // namespace exhibit::cli
