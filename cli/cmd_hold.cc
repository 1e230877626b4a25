// exhibit hold, exhibit release: keeps items from being shredded, and ends that.
#include <memory>

#include "cli/act.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> positions;
  std::string authority;
  std::string reason;
  SignerOptions signer;

  void AddTo(CLI::App& command) {
    command.add_option("N", positions, "the items' numbers; 3-9 for a range")->required();
    command.add_option("--authority", authority, "who demands it: a court, a law, a policy")->required();
    command.add_option("--reason", reason, "why")->required();
    signer.AddTo(command);
  }
};

// Act is custody::Hold or custody::Release.
template <typename Act>
Result<ExitCode> Commit(const Arguments& arguments, const Globals& globals, std::string_view what_was_done) {
  TRY(custody::ItemSet items, ParseItems(arguments.positions));
  const std::string done = std::string(what_was_done) + ": " + items.ToText();
  return CommitAct(globals, arguments.signer, Act{std::move(items), arguments.authority, arguments.reason}, done);
}

}  // namespace

void RegisterHold(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command =
      commands.app.add_subcommand("hold", "keep items from being shredded until they are released");
  arguments->AddTo(*command);
  command->footer(
      "Example:\n  exhibit hold 3-7 12 --authority \"St. Mary v. Acme, 12 Cv 3\" --reason \"litigation hold\"");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] {
      return Commit<custody::Hold>(*arguments, globals, "held");
    };
  });
}

void RegisterRelease(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = commands.app.add_subcommand("release", "take one hold of items away");
  arguments->AddTo(*command);
  arguments->signer.AddCosignerTo(*command);
  command->footer("Example:\n  exhibit release 3-7 --authority \"St. Mary v. Acme, 12 Cv 3\" --reason \"settled\"");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] {
      return Commit<custody::Release>(*arguments, globals, "released");
    };
  });
}

}  // namespace exhibit::cli
