// exhibit help: the help of a command, and what the program's words mean.
#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "cli/glossary.h"
#include "cli/terminal.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> topic;
};

// The Markdown of the glossary as a terminal shows it: headings and words are bold, their marks are gone.
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

Result<ExitCode> ShowHelp(const Arguments& arguments, const CLI::App& app) {
  if (arguments.topic == std::vector<std::string>{"words"}) {
    Print(ForTerminal(GlossaryText()));
    return ExitCode::kOk;
  }
  const CLI::App* at = &app;
  std::string name = app.get_name();
  for (const std::string& word : arguments.topic) {
    const auto commands = at->get_subcommands([](const CLI::App*) { return true; });
    const auto found = std::ranges::find(commands, word, [](const CLI::App* command) { return command->get_name(); });
    if (found == commands.end()) {
      PrintError({ErrorCode::kNotFound, "there is no help on \"" + Printable(word) + "\"",
                  "exhibit help lists the commands; exhibit help words says what words mean"});
      return ExitCode::kUsage;
    }
    at = *found;
    name += " " + word;
  }
  Print(at->get_formatter()->make_help(at, name, CLI::AppFormatMode::Normal));
  return ExitCode::kOk;
}

}  // namespace

void RegisterHelp(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = commands.app.add_subcommand("help", "explain a command, or the program's words");
  command->add_option("TOPIC", arguments->topic, "a command's name, or `words` (default: all commands, in short)");
  command->footer("Examples:\n  exhibit help words\n  exhibit help custodian add");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &app = commands.app] { return ShowHelp(*arguments, app); };
  });
}

}  // namespace exhibit::cli
