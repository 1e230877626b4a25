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

  void AddTo(const Command& command) {
    command.AddOption("N", positions, "the items' numbers; 3-9 for a range").Required();
    command.AddOption("--authority", authority, "who demands it: a court, a law, a policy").Required();
    command.AddOption("--reason", reason, "why").Required();
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
  const Command command = commands.program.AddCommand("hold", "keep items from being shredded until they are released");
  arguments->AddTo(command);
  command.Footer(
      "Example:\n  exhibit hold 3-7 12 --authority \"St. Mary v. Acme, 12 Cv 3\" --reason \"litigation hold\"");
  command.Runs([arguments, &globals = commands.globals] { return Commit<custody::Hold>(*arguments, globals, "held"); });
}

void RegisterRelease(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("release", "take one hold of items away");
  arguments->AddTo(command);
  arguments->signer.AddCosignerTo(command);
  command.Footer("Example:\n  exhibit release 3-7 --authority \"St. Mary v. Acme, 12 Cv 3\" --reason \"settled\"");
  command.Runs(
      [arguments, &globals = commands.globals] { return Commit<custody::Release>(*arguments, globals, "released"); });
}

}  // namespace exhibit::cli
