// exhibit help: the help of a command, and what the program's words mean.
#include <memory>

#include "cli/command.h"
#include "cli/documents.h"
#include "cli/terminal.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> topic;
};

// The Markdown of a document as a terminal shows it: headings and words are bold, their marks are gone.
std::string ForTerminal(std::string_view markdown) {
  std::string shown;
  for (std::size_t at = 0; at < markdown.size();) {
    const std::size_t end = std::min(markdown.find('\n', at), markdown.size());
    std::string_view line = markdown.substr(at, end - at);
    at = end + 1;
    bool is_bold = line.starts_with('#');
    if (is_bold) line.remove_prefix(line.find_first_not_of("# "));
    for (std::size_t mark = 0; mark != std::string_view::npos;) {
      mark = line.find("**");
      const std::string_view piece = line.substr(0, mark);
      shown += is_bold && !piece.empty() ? Styled(Stream::kOutput, Style::kBold, piece) : std::string(piece);
      if (mark == std::string_view::npos) break;
      line.remove_prefix(mark + 2);
      is_bold = !is_bold;
    }
    shown += '\n';
  }
  return shown;
}

Result<ExitCode> ShowHelp(const Arguments& arguments, const Command& program) {
  if (arguments.topic.size() == 1 && (arguments.topic[0] == "words" || arguments.topic[0] == "environment")) {
    Print(ForTerminal(arguments.topic[0] == "words" ? GlossaryText() : EnvironmentText()));
    return ExitCode::kOk;
  }
  const Result<std::string> help = program.HelpOn(arguments.topic);
  if (!help) {
    PrintError(help.error());
    return ExitCode::kUsage;
  }
  Print(*help);
  return ExitCode::kOk;
}

}  // namespace

void RegisterHelp(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand(
      "help", "explain a command, the program's words, or what it takes from its environment");
  command.ForgivesSettings();
  command.AddOption("TOPIC", arguments->topic,
                    "a command's name, `words` or `environment` (default: all commands, in short)");
  command.Footer("Examples:\n  exhibit help words\n  exhibit help environment\n  exhibit help custodian add");
  command.Runs([arguments, program = commands.program] { return ShowHelp(*arguments, program); });
}

}  // namespace exhibit::cli
