#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

constexpr std::uint64_t kMostSeconds = std::uint64_t{366} * 24 * 60 * 60;

template <typename Value>
Option Added(CLI::App& app, const std::string& names, Value& value, const std::string& meaning) {
  return Option(*app.add_option(names, value, meaning));
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
  option_->check(CLI::Range(least, most));
  return *this;
}

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

Option Command::AddOption(const std::string& names, std::string& value, const std::string& meaning) const {
  return Added(*app_, names, value, meaning);
}

Option Command::AddOption(const std::string& names, std::vector<std::string>& values,
                          const std::string& meaning) const {
  return Added(*app_, names, values, meaning);
}

Option Command::AddOption(const std::string& names, std::uint64_t& value, const std::string& meaning) const {
  return Added(*app_, names, value, meaning);
}

Option Command::AddOption(const std::string& names, std::optional<std::uint64_t>& value,
                          const std::string& meaning) const {
  return Added(*app_, names, value, meaning);
}

Option Command::AddOption(const std::string& names, int& value, const std::string& meaning) const {
  return Added(*app_, names, value, meaning);
}

Option Command::AddFlag(const std::string& names, bool& is_given, const std::string& meaning) const {
  return Option(*app_->add_flag(names, is_given, meaning));
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
  return Option(*option);
}

Command Command::AddCommand(const std::string& name, const std::string& description) const {
  return {*app_->add_subcommand(name, description), *chosen_};
}

void Command::NeedsCommand() const {
  app_->require_subcommand(1);
  app_->fallthrough();
}

void Command::Footer(const std::string& text) const { app_->footer(text); }

void Command::Runs(Run run) const {
  app_->callback([chosen = chosen_, run = std::move(run)] { *chosen = run; });
}

Result<std::string> Command::HelpOn(const std::vector<std::string>& topic) const {
  const CLI::App* at = app_;
  std::string name = at->get_name();
  for (const std::string& word : topic) {
    const auto commands = at->get_subcommands([](const CLI::App*) { return true; });
    const auto found = std::ranges::find(commands, word, [](const CLI::App* command) { return command->get_name(); });
    if (found == commands.end()) {
      return Fail(ErrorCode::kNotFound, Format("there is no help on \"{}\"", Printable(word)),
                  "exhibit help lists the commands; exhibit help words says what words mean");
    }
    at = *found;
    name += " " + word;
  }
  return at->get_formatter()->make_help(at, name, CLI::AppFormatMode::Normal);
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
