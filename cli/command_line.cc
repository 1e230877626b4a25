#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

// No option or command of ours is longer; what is longer was not one of them misspelt.
constexpr std::size_t kLongestWord = 32;

// The command that the user named, or the program: whose --help helps.
std::string NameOf(const CLI::App& app) {
  std::string name = app.get_name();
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    name += " " + at->get_name();
  }
  return name;
}

// The versions of CLI11 agree on the parts of a help. They differ in the empty line before its last part, and in how
// they show a default: as =5 or as [5].
class Help final : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override {
    std::string text = make_description(app) + make_usage(app, std::move(name)) + make_positionals(app) +
                       make_groups(app, mode) + make_subcommands(app, mode);
    if (const std::string last = app->get_footer(); !last.empty()) text += "\n" + last + "\n";
    return text;
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    const std::string& value = option->get_default_str();
    const std::string shown = CLI::Formatter::make_option_opts(option);
    return value.empty() ? shown : CLI::detail::find_and_replace(shown, " [" + value + "] ", "=" + value);
  }
};

// The command that the user named last; the program where there is none.
const CLI::App& Named(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return *at;
}

// How many letters must be put in, taken out, replaced or exchanged with the next to make `b` of `a`.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> of(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        of[i][j] = i + j;
        continue;
      }
      of[i][j] = std::min({of[i - 1][j] + 1, of[i][j - 1] + 1, of[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      const bool is_exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_exchanged) of[i][j] = std::min(of[i][j], of[i - 2][j - 2] + 1);
    }
  }
  return of[a.size()][b.size()];
}

// The one of `words` that somebody who typed `typed` probably meant: at most two letters differ, and at most a third.
std::optional<std::string> Meant(std::string_view typed, const std::vector<std::string>& words) {
  std::optional<std::string> nearest;
  std::size_t distance = std::min<std::size_t>(2, (typed.size() + 2) / 3) + 1;
  if (typed.size() > kLongestWord) return nearest;
  for (const std::string& word : words) {
    if (const std::size_t here = Distance(typed, word); here < distance) {
      distance = here;
      nearest = word;
    }
  }
  return nearest;
}

// The options of the command and of those above it, as they are typed.
std::vector<std::string> OptionsOf(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* at = &command; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::vector<std::string> CommandsOf(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* sub : command.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(sub->get_name());
  }
  return names;
}

// A word that CLI11 could not place, which explains more than what it says is missing: after `add --hlep` it says that
// PATH is required.
std::optional<std::string> Misplaced(const CLI::App& app) {
  // The words of the innermost command come last.
  const std::vector<std::string> words = app.remaining(true);
  const auto option = std::ranges::find_if(words, [](const std::string& word) { return word.starts_with('-'); });
  if (option != words.end()) return *option;
  return words.empty() ? std::nullopt : std::optional(words.front());
}

std::string DidYouMean(const std::optional<std::string>& word) {
  return word ? Format("; did you mean {}?", *word) : "";
}

// "exhibit custodian needs a command: add, retire, rotate or list"
std::string NeedsCommand(const CLI::App& app) {
  const std::vector<std::string> commands = CommandsOf(Named(app));
  std::string text = NameOf(app) + " needs a command: ";
  for (std::size_t i = 0; i < commands.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == commands.size() ? " or " : ", ") + commands[i];
  }
  return text;
}

// What is wrong with `word`, and what it was meant to be.
std::string Explain(const CLI::App& app, const std::string& word) {
  const CLI::App& command = Named(app);
  if (word.starts_with('-')) {
    const std::string name = word.substr(0, word.find('='));
    return Format("{} has no option {}{}", NameOf(app), Printable(name), DidYouMean(Meant(name, OptionsOf(command))));
  }
  const std::vector<std::string> commands = CommandsOf(command);
  if (commands.empty()) return Format("{} takes no argument \"{}\" here", NameOf(app), Printable(word));
  const std::optional<std::string> meant = Meant(word, commands);
  return Format("{} has no command \"{}\"{}", NameOf(app), Printable(word),
                DidYouMean(meant ? std::optional("`" + NameOf(app) + " " + *meant + "`") : std::nullopt));
}

// Prints help that was asked for, or what was not understood.
int EndParsing(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    app.exit(error);
    return static_cast<int>(ExitCode::kOk);
  }
  const std::optional<std::string> word = Misplaced(app);
  const bool needs_command = error.get_name() == "RequiredError" && !CommandsOf(Named(app)).empty();
  const std::string message = word ? Explain(app, *word) : needs_command ? NeedsCommand(app) : error.what();
  PrintError({ErrorCode::kInvalid, message, NameOf(app) + " --help"});
  return static_cast<int>(ExitCode::kUsage);
}

}  // namespace

Program::Program(const std::string& name, const std::string& description)
    : app_(std::make_unique<CLI::App>(description, name)) {
  app_->formatter(std::make_shared<Help>());  // commands take it over
}

Program::~Program() = default;

Command Program::command() { return {*app_, chosen_}; }

void Program::TakesCommands() {
  app_->require_subcommand(0, 1);
  app_->fallthrough();
}

int Program::Main(int argc, char** argv, const std::string& welcome) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return EndParsing(*app_, error);
  }
  if (!chosen_) {
    Print(welcome);
    return static_cast<int>(ExitCode::kOk);
  }
  InstallInterruptHandler();
  RememberPassphraseFile();
  const Result<ExitCode> result = chosen_();
  if (result) return static_cast<int>(*result);
  PrintError(result.error());
  return static_cast<int>(ExitCodeOf(result.error().code));
}

}  // namespace exhibit::cli
