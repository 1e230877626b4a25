// Help as a terminal of 80 columns shows it: what a command is for, how it is typed, what each option means, and examples.
//
// A text that explains is written as paragraphs. A line that two blanks indent is a command that can be typed as it stands:
// where it is too long it is broken between its words, with a backslash.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cli/definition.h"

namespace exhibit::cli {

inline constexpr std::size_t kHelpColumns = 80;

// `full_name` is how the command is called: "exhibit custodian add".
std::string HelpText(const CommandDefinition& command, const std::string& full_name);

// "exhibit prove [OPTION...] --out FILE N", on as many lines as it takes.
std::string UsageOf(const CommandDefinition& command, const std::string& full_name);

// "-o, --out FILE"
std::string LabelOf(const OptionDefinition& option);

// All that is to be said of it: its meaning, its default, what it does not go with.
std::string MeaningOf(const OptionDefinition& option);

// A footer as its paragraphs and commands; each line of a command ends as a shell wants it.
struct FooterPart {
  enum class Kind { kParagraph, kCommand } kind;
  std::string text;
};
std::vector<FooterPart> PartsOf(std::string_view footer);

// The groups in the order in which their first command is there.
std::vector<std::string> GroupsOf(const CommandDefinition& command);

}  // namespace exhibit::cli
