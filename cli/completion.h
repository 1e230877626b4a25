// What a shell needs so that the Tab key completes commands, options, and the files that they take.
//
// A script finds which command the line is in by reading its words from the left: a word after an option that takes a value
// is no command. Then it offers that command's own commands, its options (with those of the program), or files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/definition.h"

namespace exhibit::cli {

enum class Shell : std::uint8_t { kBash, kZsh, kFish };

// "bash", "zsh", "fish".
std::optional<Shell> ShellOf(std::string_view name);

std::string CompletionFor(Shell shell, const CommandDefinition& program);

}  // namespace exhibit::cli
