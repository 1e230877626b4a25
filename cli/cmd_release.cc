// exhibit release: takes one hold of items away.
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

Result<ExitCode> Release(const Arguments& arguments, const Globals& globals) {
  TRY(custody::ItemSet items, ParseItems(arguments.positions));
  const std::string done = "released: " + items.ToText();
  return CommitAct(globals, arguments.signer,
                   custody::Release{std::move(items), arguments.authority, arguments.reason}, done);
}

}  // namespace

void RegisterRelease(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = commands.app.add_subcommand("release", "take one hold of items away");
  command->add_option("N", arguments->positions, "the items' numbers; 3-9 for a range")->required();
  command->add_option("--authority", arguments->authority, "who may ask for it: a court, a law, a policy")->required();
  command->add_option("--reason", arguments->reason, "why")->required();
  arguments->signer.AddTo(*command);
  arguments->signer.AddCosignerTo(*command);
  command->footer("Example:\n  exhibit release 3-7 --authority \"St. Mary v. Acme, 12 Cv 3\" --reason \"settled\"");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] { return Release(*arguments, globals); };
  });
}

}  // namespace exhibit::cli
