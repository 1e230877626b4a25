#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <set>
#include <utility>

#include "cli/help_text.h"
#include "cli/meant.h"
#include "vault/base/canonical.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

constexpr std::uint64_t kMostSeconds = std::uint64_t{366} * 24 * 60 * 60;

// What a number is called in the help, where nothing else was said: CLI11 calls it after its type.
void NameNumber(CLI::Option& option) {
  if (option.get_type_name() == "UINT" || option.get_type_name() == "INT") option.type_name("N");
}

template <typename Value>
Option Added(CLI::App& app, Wiring& wiring, const std::string& names, Value& value, const std::string& meaning) {
  CLI::Option* const option = app.add_option(names, value, meaning);
  NameNumber(*option);
  // What is said with an unset variable would be taken for nothing said: `--hashes "$LIST"` compared with no list, and
  // `--select "$WORDS"` handed over all that there is.
  option->check([](const std::string& word) {
    return word.empty() ? std::string("there is nothing between the quotes: is a variable unset?") : std::string();
  });
  return {*option, wiring};
}

// By their long names, in order: CLI11 keeps them in the order of their addresses.
std::vector<std::string> NamesOf(const std::set<CLI::Option*>& options) {
  std::vector<std::string> names;
  for (const CLI::Option* option : options) names.push_back(option->get_name());
  std::ranges::sort(names);
  return names;
}

OptionDefinition DefinitionOf(const CLI::Option& option) {
  using Times = OptionDefinition::Times;
  OptionDefinition definition;
  for (const std::string& name : option.get_snames()) definition.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) definition.names.push_back("--" + name);
  if (option.get_positional()) definition.names.clear();
  const bool is_flag = option.get_items_expected_max() == 0;
  if (!is_flag) definition.value = option.get_positional() ? option.get_name(true) : option.get_type_name();
  const bool repeats = option.get_items_expected_max() > 1 ||
                       (!is_flag && option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll);
  definition.times = option.get_required() ? (repeats ? Times::kAtLeastOnce : Times::kOnce)
                                           : (repeats ? Times::kAny : Times::kOptional);
  definition.meaning = option.get_description();
  definition.standard = option.get_default_str();
  definition.environment = option.get_envname();
  definition.not_with = NamesOf(option.get_excludes());
  definition.needs = NamesOf(option.get_needs());
  definition.may_lack_value = !is_flag && option.get_items_expected_min() == 0;
  return definition;
}

CommandDefinition DefinitionOf(const CLI::App& app) {
  CommandDefinition definition{app.get_name(), app.get_description(), app.get_group(), app.get_footer(), {}, {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    (option->get_positional() ? definition.places : definition.options).push_back(DefinitionOf(*option));
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    definition.commands.push_back(DefinitionOf(*command));
  return definition;
}

}  // namespace

const Option& Option::Required() const {
  option_->required();
  return *this;
}

const Option& Option::TypeName(const std::string& name) const {
  option_->type_name(name);
  return *this;
}

const Option& Option::Environment(const char* variable) const {
  option_->envname(variable);
  return *this;
}

const Option& Option::Separator(char between) const {
  option_->delimiter(between);
  return *this;
}

const Option& Option::ShowDefault() const {
  option_->capture_default_str();
  return *this;
}

const Option& Option::Between(std::uint64_t least, std::uint64_t most) const {
  option_->check(CLI::Range(least, most).description(""));
  option_->description(Format("{} ({} to {})", option_->get_description(), least, most));
  return *this;
}

const Option& Option::Number() const { return TypeName("N").Between(1, kMaxNumber); }

const Option& Option::OneEachTime() const {
  option_->expected(1)->take_all();
  return *this;
}

const Option& Option::Excludes(const Option& other) const {
  option_->excludes(other.option_);
  return *this;
}

const Option& Option::Needs(const Option& other) const {
  option_->needs(other.option_);
  return *this;
}

const Option& Option::Setting(const std::string& key, const char* variable) const {
  wiring_->settings.push_back({option_, key, variable});
  return *this;
}

Option Command::AddOption(const std::string& names, std::string& value, const std::string& meaning) const {
  return Added(*app_, *wiring_, names, value, meaning);
}

Option Command::AddOption(const std::string& names, std::vector<std::string>& values,
                          const std::string& meaning) const {
  return Added(*app_, *wiring_, names, values, meaning);
}

Option Command::AddOption(const std::string& names, std::uint64_t& value, const std::string& meaning) const {
  return Added(*app_, *wiring_, names, value, meaning);
}

Option Command::AddOption(const std::string& names, std::optional<std::uint64_t>& value,
                          const std::string& meaning) const {
  return Added(*app_, *wiring_, names, value, meaning);
}

Option Command::AddOption(const std::string& names, int& value, const std::string& meaning) const {
  return Added(*app_, *wiring_, names, value, meaning);
}

Option Command::AddFlag(const std::string& names, bool& is_given, const std::string& meaning) const {
  return {*app_->add_flag(names, is_given, meaning), *wiring_};
}

Option Command::AddSeconds(const std::string& names, std::chrono::milliseconds& value, std::chrono::seconds without,
                           const std::string& meaning) const {
  const auto take = [&value](const CLI::results_t& words) {
    const auto parsed = ParseSeconds(words.empty() ? "" : words.back());
    if (parsed) value = *parsed;
    return parsed.has_value();
  };
  CLI::Option* const option = app_->add_option(names, take, meaning);
  option->check([](const std::string& word) {
    return ParseSeconds(word) ? std::string() : Format("\"{}\" is not a number of seconds, such as 90 or 0.5", word);
  });
  option->expected(0, 1)->default_str(std::to_string(without.count()))->type_name("SECONDS");
  return {*option, *wiring_};
}

Command Command::AddCommand(const std::string& name, const std::string& description) const {
  CLI::App& command = *app_->add_subcommand(name, description);
  command.group("")->set_help_flag("-h,--help", "print this help");
  return {command, *wiring_};
}

void Command::NeedsCommand() const {
  app_->require_subcommand(1);
  app_->fallthrough();
}

void Command::Footer(const std::string& text) const { app_->footer(text); }

void Command::Runs(Run run) const {
  app_->callback([wiring = wiring_, run = std::move(run)] { wiring->chosen = run; });
}

void Command::ForgivesSettings() const { wiring_->forgiving.push_back(app_); }

void Command::Group(const std::string& heading) const { app_->group(heading); }

CommandDefinition Command::Definition() const { return DefinitionOf(*app_); }

Result<std::string> Command::HelpOn(const std::vector<std::string>& topic) const {
  const CLI::App* at = app_;
  std::string name = at->get_name();
  for (const std::string& word : topic) {
    const auto commands = at->get_subcommands([](const CLI::App*) { return true; });
    const auto found = std::ranges::find(commands, word, [](const CLI::App* command) { return command->get_name(); });
    if (found == commands.end()) {
      std::vector<std::string> names = {"words", "environment", "profiles"};
      for (const CLI::App* command : commands) names.push_back(command->get_name());
      return Fail(ErrorCode::kNotFound,
                  Format("there is no help on \"{}\"{}", Printable(word), DidYouMean(Meant(word, names))),
                  "exhibit help lists the commands; exhibit help words says what words mean");
    }
    at = *found;
    name += " " + word;
  }
  return HelpText(DefinitionOf(*at), name);
}

std::optional<std::chrono::milliseconds> ParseSeconds(std::string_view text) {
  const auto digits = [&text](std::size_t most) -> std::optional<std::string> {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    if (count == 0 || count > most) return std::nullopt;
    std::string taken(text.substr(0, count));
    text.remove_prefix(count);
    return taken;
  };
  const auto whole = digits(9);
  if (!whole) return std::nullopt;
  std::string thousandths = "000";
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const auto fraction = digits(9);
    if (!fraction) return std::nullopt;
    thousandths = (*fraction + "00").substr(0, 3);
  }
  const std::uint64_t seconds = std::stoull(*whole);
  if (!text.empty() || seconds > kMostSeconds) return std::nullopt;
  return std::chrono::milliseconds(seconds * 1000 + std::stoull(thousandths));
}

}  // namespace exhibit::cli
