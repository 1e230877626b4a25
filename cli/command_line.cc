#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/completion.h"
#include "cli/exit_code.h"
#include "cli/help_text.h"
#include "cli/interrupt.h"
#include "cli/json_output.h"
#include "cli/lost.h"
#include "cli/manual.h"
#include "cli/meant.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/given_secrets.h"

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

// The command that the user named last; the program where there is none.
CLI::App& Named(CLI::App& app) {
  CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return *at;
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
std::optional<std::string> Misplaced(CLI::App& app) {
  // The words of the innermost command come last.
  const std::vector<std::string> words = app.remaining(true);
  // Where a command must be named, the first word was meant as one, whatever follows: `lst -i reader.txt`.
  if (!words.empty() && !words.front().starts_with('-') && !CommandsOf(Named(app)).empty()) return words.front();
  const auto option = std::ranges::find_if(words, [](const std::string& word) { return word.starts_with('-'); });
  if (option != words.end()) return *option;
  return words.empty() ? std::nullopt : std::optional(words.front());
}

// "exhibit custodian needs a command: add, retire, rotate or list"
std::string NeedsCommand(CLI::App& app) {
  const std::vector<std::string> commands = CommandsOf(Named(app));
  std::string text = NameOf(app) + " needs a command: ";
  for (std::size_t i = 0; i < commands.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == commands.size() ? " or " : ", ") + commands[i];
  }
  return text;
}

// What is wrong with `word`, and what it was meant to be.
std::string Explain(CLI::App& app, const std::string& word) {
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

// What CLI11 says of an option's values: "--source: At Most 1 required but received 2", "--source: 1 required TEXT missing",
// "Could not convert: --level = x".
std::string InOwnWords(std::string_view said) {
  constexpr std::string_view kNotConverted = "Could not convert: ";
  const auto has = [said](std::string_view words) { return said.find(words) != std::string_view::npos; };
  const std::string_view name = said.substr(0, said.find(": "));
  if (has(" required but received ")) return Format("{} is given more often than it may be", Printable(name));
  if (has(" required ") && said.ends_with(" missing")) return Format("{} has no value", Printable(name));
  if (!said.starts_with(kNotConverted)) return std::string(said);
  said.remove_prefix(kNotConverted.size());
  const std::size_t between = std::min(said.find(" = "), said.size());
  const std::string_view value = said.substr(std::min(between + 3, said.size()));
  return Format("{}: \"{}\" is not a number", Printable(said.substr(0, between)), Printable(value));
}

// What was not understood.
Error Misunderstood(CLI::App& app, const CLI::ParseError& error) {
  const std::optional<std::string> word = Misplaced(app);
  const bool needs_command = error.get_name() == "RequiredError" && !CommandsOf(Named(app)).empty();
  const std::string message = word ? Explain(app, *word) : needs_command ? NeedsCommand(app) : InOwnWords(error.what());
  return {ErrorCode::kInvalid, message, NameOf(app) + " --help"};
}

bool IsAskedForJson(std::span<char* const> words) {
  return std::ranges::any_of(words, [](const char* word) { return std::string_view(word) == "--json"; });
}

// "--hashes=", for whose value CLI11 would take the next word.
std::optional<std::string_view> WithoutValue(std::span<char* const> words) {
  for (const std::string_view word : words) {
    if (word == "--") break;
    if (word.starts_with("--") && word.ends_with('=')) return word.substr(0, word.size() - 1);
  }
  return std::nullopt;
}

// What a program that reads JSON can tell the user, beside what the user is told: an object on the standard output, unless
// something was printed there already.
void ReportFailure(Error error, ExitCode code, std::span<char* const> words) {
  // It may be the reason.
  for (const Error& one : WhatWasLost()) {
    if (error.message.find(one.message) == std::string::npos && error.message.find(" is lost") == std::string::npos)
      error.message += "; " + one.message;
  }
  if (IsAskedForJson(words) && !HasPrinted()) PrintJson(JsonOf(error, code));
  PrintError(error);
}

// A command that went on without something did what it could, and not all.
ExitCode EndOf(ExitCode code) {
  const std::vector<Error> lost = WhatWasLost();
  if (lost.empty()) return code;
  for (const Error& one : lost) PrintError(one);
  return code == ExitCode::kOk || code == ExitCode::kNotAnchored ? ExitCode::kVerificationFailed : code;
}

// The page or completion that `--generate WHAT [DAY]` asks for. The build says of which day the page is.
Result<std::string> Generate(std::span<char* const> asked, const CommandDefinition& program,
                             const ProgramAbout& about) {
  const std::string_view what = asked.front();
  if (what == "man") return ManualPage(program, {about.version, asked.size() > 1 ? asked[1] : ""}, about.appendix);
  if (const auto shell = ShellOf(what)) return CompletionFor(*shell, program);
  return Fail(ErrorCode::kInvalid, "--generate takes man, bash, zsh or fish");
}

// What a command is told may be written down for ever, or be seen by others: no secret is told that way. Those that are
// given later (a prompt, a key's file) are looked for in what is sealed and signed (custody/free_text.h).
Result<void> RefuseSecrets(const CLI::App& app) {
  for (const CLI::App* command = &app; command != nullptr;) {
    for (const CLI::Option* const option : command->get_options()) {
      if (std::ranges::none_of(option->results(), crypto::IsGiven)) continue;
      std::string name = option->get_name();
      name.erase(0, name.find_first_not_of('-'));
      return Fail(ErrorCode::kInvalid,
                  Format("the {} holds a passphrase or a secret key; nothing was written", Printable(name)),
                  "use other words. If anybody saw the secret, replace it");
    }
    const auto chosen = command->get_subcommands();
    command = chosen.empty() ? nullptr : chosen.front();
  }
  return {};
}

}  // namespace

Program::Program(const ProgramAbout& about)
    : about_(about), app_(std::make_unique<CLI::App>(about.description, about.name)) {
  app_->set_help_flag("-h,--help", "print this help");
  app_->set_version_flag("--version", about.version, "print the version");
}

Program::~Program() = default;

Command Program::command() { return {*app_, wiring_}; }

void Program::TakesCommands() {
  app_->require_subcommand(0, 1);
  app_->fallthrough();
}

void Program::Group(const Groups& groups) {
  for (const auto& [heading, names] : groups) {
    for (const std::string& name : names) {
      const auto commands = app_->get_subcommands([&name](CLI::App* one) { return one->get_name() == name; });
      EXHIBIT_ASSERT(commands.size() == 1);
      commands.front()->group(heading);
    }
  }
}

Result<void> Program::ApplySettings() const {
  if (!read_settings_) return {};
  const auto read = read_settings_();
  if (!read && std::ranges::find(wiring_.forgiving, &Named(*app_)) != wiring_.forgiving.end()) return {};
  TRY(const SettingValues values, read);
  const auto is_given = [](const CLI::Option* option) { return option->count() > 0; };
  for (const Wiring::Setting& setting : wiring_.settings) {
    const auto found = values.find(setting.key);
    const char* const variable = setting.variable != nullptr ? std::getenv(setting.variable) : nullptr;
    if (found == values.end() || found->second.empty() || is_given(setting.option) ||
        (variable != nullptr && *variable != '\0'))
      continue;
    if (std::ranges::any_of(setting.option->get_excludes(), is_given)) continue;
    try {
      setting.option->add_result(found->second);
      setting.option->run_callback();
    } catch (const CLI::ParseError& error) {
      return Fail(ErrorCode::kInvalid, Format("configuration: {}: {}", setting.key, error.what()));
    }
  }
  return {};
}

int Program::Main(int argc, char** argv, const std::string& welcome) {
  const std::span<char* const> words(argv, static_cast<std::size_t>(std::max(argc, 0)));
  const auto end = [&words](const Error& error, ExitCode code) {
    ReportFailure(error, code, words);
    return static_cast<int>(code);
  };
  if (words.size() >= 3 && words.size() <= 4 && std::string_view(words[1]) == "--generate") {
    const auto made = Generate(words.subspan(2), command().Definition(), about_);
    if (!made) return end(made.error(), ExitCode::kUsage);
    Print(*made);
    return static_cast<int>(ExitCode::kOk);
  }
  if (const auto empty = WithoutValue(words)) {
    return end({ErrorCode::kInvalid, Format("{} has no value: is a variable unset?", Printable(*empty)), {}},
               ExitCode::kUsage);
  }
  try {
    app_->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    Print(HelpText(Command(Named(*app_), wiring_).Definition(), NameOf(*app_)));
    return static_cast<int>(ExitCode::kOk);
  } catch (const CLI::CallForVersion&) {
    Print(about_.version + "\n");
    return static_cast<int>(ExitCode::kOk);
  } catch (const CLI::ParseError& error) {
    return end(Misunderstood(*app_, error), ExitCode::kUsage);
  }
  if (!wiring_.chosen) {
    Print(welcome);
    return static_cast<int>(ExitCode::kOk);
  }
  if (const auto applied = ApplySettings(); !applied) return end(applied.error(), ExitCode::kUsage);
  InstallInterruptHandler();
  RememberPassphraseFile();
  const auto told = RefuseSecrets(*app_);
  const Result<ExitCode> result = told ? wiring_.chosen() : Result<ExitCode>(Fail(told.error()));
  if (result) return static_cast<int>(EndOf(*result));
  return end(result.error(), ExitCodeOf(result.error().code));
}

}  // namespace exhibit::cli
