// The manual page of a program, in the macros of man(7): how it is called, every command with all its options and examples,
// the environment, the exit statuses.
#pragma once

#include <string>
#include <string_view>

#include "cli/definition.h"

namespace exhibit::cli {

struct ManualHead {
  std::string_view version;  // "exhibit 0.1.0", and lines that are left out
  std::string_view day;      // "2026-11-29"; may be empty
};

// `appendix` is Markdown whose headings become sections: docs/ENVIRONMENT.md.
std::string ManualPage(const CommandDefinition& program, const ManualHead& head, std::string_view appendix);

}  // namespace exhibit::cli
