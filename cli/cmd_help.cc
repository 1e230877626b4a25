// exhibit help: the help of a command, what the program's words mean, and the profiles that come with it.
#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "cli/documents.h"
#include "cli/profile.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
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

// All of them in short; or the text of one, to make another of it.
Result<ExitCode> ShowProfiles(const std::vector<std::string>& names) {
  const bool shows_all = names.empty();
  if (shows_all)
    Print(Styled(Stream::kOutput, Style::kBold, "Profiles") + " of `exhibit add` and `exhibit collect`\n\n");
  for (const BuiltInProfile& profile : BuiltInProfiles()) {
    if (!shows_all && std::ranges::find(names, profile.name) == names.end()) continue;
    TRY(const intake::Profile read, FindProfile(std::string(profile.name)));
    Print(shows_all ? Format("  {:<14}  {}\n", profile.name, read.title) : std::string(profile.text));
  }
  for (const std::string& name : names) TRY_VOID(FindProfile(name));
  if (shows_all)
    Print("\nexhibit help profiles NAME prints one: redirect it into a file, change that, and name the file.\n");
  return ExitCode::kOk;
}

Result<ExitCode> ShowHelp(const Arguments& arguments, const Command& program) {
  if (!arguments.topic.empty() && arguments.topic[0] == "profiles")
    return ShowProfiles({arguments.topic.begin() + 1, arguments.topic.end()});
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
                    "a command's name, `words`, `environment` or `profiles` (default: all commands, in short)");
  command.Footer(
      "Examples:\n  exhibit help words\n  exhibit help environment\n  exhibit help profiles\n  exhibit help custodian "
      "add");
  command.Runs([arguments, program = commands.program] { return ShowHelp(*arguments, program); });
}

}  // namespace exhibit::cli
