#include "cli/command_line.h"

#include <memory>
#include <string>
#include <utility>

#include "cli/exit_code.h"
#include "cli/terminal.h"

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

// CLI11's versions agree on a help's parts. They differ in the empty line in front of what stands at its end, and in how
// a default is shown: as =5 or as [5].
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

}  // namespace

void FormHelp(CLI::App& app) { app.formatter(std::make_shared<Help>()); }

int EndParsing(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    app.exit(error);
    return static_cast<int>(ExitCode::kOk);
  }
  PrintError({ErrorCode::kInvalid, error.what(), NameOf(app) + " --help"});
  return static_cast<int>(ExitCode::kUsage);
}

}  // namespace exhibit::cli
