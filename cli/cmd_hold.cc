// exhibit hold: items that must be kept.
#include <memory>

#include "cli/act.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> positions;
  std::string authority;
  std::string reason;
  SignerOptions signer;
};

Result<ExitCode> Hold(const Arguments& arguments, const Globals& globals) {
  TRY(custody::ItemSet items, ParseItems(arguments.positions));
  const std::string done = "held: " + items.ToText();
  return CommitAct(globals, arguments.signer,
                   custody::Hold{std::move(items), arguments.authority, arguments.reason}, done);
}

}  // namespace

void RegisterHold(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = commands.app.add_subcommand("hold", "keep items from being shredded until they are released");
  command->add_option("N", arguments->positions, "the items' numbers; 3-9 for a range")->required();
  command->add_option("--authority", arguments->authority, "who may ask for it: a court, a law, a policy")->required();
  command->add_option("--reason", arguments->reason, "why")->required();
  arguments->signer.AddTo(*command);
  command->footer("Example:\n  exhibit hold 3-7 12 --authority \"St. Mary v. Acme, 12 Cv 3\" --reason \"litigation hold\"");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] { return Hold(*arguments, globals); };
  });
}

}  // namespace exhibit::cli
