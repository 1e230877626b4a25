// exhibit hold, exhibit release: keeps items from being shredded, and ends that.
#include <memory>

#include "cli/act.h"
#include "vault/base/format.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> positions;
  std::uint64_t hold = 0;
  std::string authority;
  std::string reason;
  SignerOptions signer;

  void AddTo(const Command& command) {
    command.AddOption("N", positions, "the items' numbers; 3-9 for a range").Required();
    command.AddOption("--authority", authority, "who demands it: a court, a law, a policy").Required();
    AddReasonTo(command, reason);
    signer.AddTo(command);
    signer.AddCasesTo(command);
  }
  store::Fields Fields() const {
    store::Fields fields;
    Put(fields, "authority", authority);
    Put(fields, "reason", reason);
    return fields;
  }
};

Result<ExitCode> Hold(const Arguments& arguments, const Globals& globals) {
  TRY(custody::ItemSet items, ParseItems(arguments.positions, globals));
  const std::string done = "held: " + items.ToText();
  return CommitAct(globals, arguments.signer, {custody::Hold{std::move(items)}, arguments.Fields()}, done);
}

bool Holds(const custody::PositionRanges& held, const custody::ItemSet& items) { return !held.FindMissing(items); }

// The one hold of these items. A release names its hold, so that nobody ends what another hold still asks for.
Result<tlog::Sequence> FindHold(const custody::State& state, const custody::ItemSet& items) {
  std::vector<tlog::Sequence> found;
  for (const auto& [hold, held] : state.facts().holds->held) {
    if (Holds(held, items)) found.push_back(hold);
  }
  if (found.size() == 1) return found.front();
  if (const auto free = state.facts().holds->counts.FindFree(items))
    return Fail(ErrorCode::kNotFound, Format("item {} is not held", *free));
  if (found.empty()) {
    return Fail(ErrorCode::kNotFound, Format("no one hold holds all of {}", items.ToText()),
                "release them hold by hold: exhibit release N --hold M; exhibit history N shows what holds an item");
  }
  std::string holds;
  for (const tlog::Sequence hold : found) holds += (holds.empty() ? "" : ", ") + NameOf(hold);
  return Fail(ErrorCode::kInvalid, Format("several holds are on {}: {}", items.ToText(), holds),
              "say which one ends: --hold N");
}

Result<ExitCode> Release(const Arguments& arguments, const Globals& globals) {
  TRY(custody::ItemSet items, ParseItems(arguments.positions, globals));
  tlog::Sequence hold{arguments.hold};
  if (hold.value == 0) {
    TRY(const auto vault, OpenVault(globals));
    TRY(const custody::State state, vault->State());
    TRY(hold, FindHold(state, items));
  }
  const std::string done = Format("released of the hold in {}: {}", NameOf(hold), items.ToText());
  return CommitAct(globals, arguments.signer, {custody::Release{hold, std::move(items)}, arguments.Fields()}, done);
}

}  // namespace

void RegisterHold(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("hold", "keep items from being shredded until they are released");
  arguments->AddTo(command);
  command.Footer(
      "Example:\n  exhibit hold 3-7 12 --authority \"St. Mary v. Acme, 12 Cv 3\" --reason \"litigation hold\"");
  commands.Run(command, arguments, Hold);
}

void RegisterRelease(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("release", "end one hold of items");
  arguments->AddTo(command);
  command.AddOption("--hold", arguments->hold, "the number of the hold's entry (default: the one that holds them all)")
      .Number();
  arguments->signer.AddCosignerTo(command);
  command.Footer(
      "What another hold still holds stays held.\n\n"
      "Example:\n  exhibit release 3-7 --authority \"St. Mary v. Acme, 12 Cv 3\" --reason \"settled\"");
  commands.Run(command, arguments, Release);
}

}  // namespace exhibit::cli
