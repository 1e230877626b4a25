// exhibit take-in: adds items that collectors sealed elsewhere.
#include <memory>

#include "cli/act.h"
#include "cli/checkpoint_output.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/take_in.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string drop;
  SignerOptions signer;
};

class TakeInCommand {
 public:
  TakeInCommand(const Arguments& arguments, const Globals& globals) : arguments_(arguments), globals_(globals) {}

  Result<ExitCode> Run() {
    Pool pool;
    TRY(const auto vault, OpenToAct(globals_, arguments_.signer, custody::Act::kItem, pool));
    const work::TakeInRequest request{arguments_.drop, [this](const work::TakenIn& taken) { Show(taken); },
                                      [this](const intake::Refused& refused) { ShowRefused(refused); },
                                      [this](const std::string& text) { ShowRemark(text); }, &Interrupted()};
    TRY(const work::TakeInOutcome outcome, work::TakeIn(*vault, request));
    Finish(outcome);
    return outcome.refused > 0 ? ExitCode::kFailed : ExitCode::kOk;
  }

 private:
  void Show(const work::TakenIn& taken) {
    if (arguments_.signer.json) {
      items_.push_back({{"entry", taken.entry.value}, {"collector", taken.of.collector}, {"number", taken.of.number}});
      return;
    }
    Print(Format("{}  {}  number {}  {} sealed\n", taken.entry, Printable(taken.of.collector), taken.of.number,
                 HumanSize(taken.payload_bytes)));
  }

  void ShowRefused(const intake::Refused& refused) {
    Error error = refused.reason;
    const std::string name = Printable(refused.path.filename().native());
    error.message = Format("not taken in: {}: {}", name, error.message);
    PrintError(error);
    if (arguments_.signer.json) refused_.push_back({{"file", name}, {"reason", refused.reason.message}});
  }

  void ShowRemark(const std::string& text) {
    remarks_.push_back(text);
    if (!globals_.quiet) Say(text);
  }

  void Finish(const work::TakeInOutcome& outcome) const {
    if (arguments_.signer.json) {
      Json json = {{"items", items_}, {"already", outcome.already}, {"refused", refused_}, {"remarks", remarks_}};
      if (outcome.checkpoint) json["checkpoint"] = JsonOf(*outcome.checkpoint);
      PrintJson(json);
      return;
    }
    if (globals_.quiet) return;
    std::string text = Format("\n{} taken in", Counted(outcome.taken, "item", "items"));
    if (outcome.already > 0) text += Format(", {} in the log already", outcome.already);
    if (outcome.refused > 0) text += Format(", {} refused", outcome.refused);
    text += "\n";
    if (outcome.checkpoint) text += CheckpointLine(*outcome.checkpoint);
    Print(text);
  }

  const Arguments& arguments_;
  const Globals& globals_;
  Json items_ = Json::List();
  Json refused_ = Json::List();
  Json remarks_ = Json::List();
};

}  // namespace

void RegisterTakeIn(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("take-in", "take what collectors sealed into a drop into the vault");
  command.AddOption("DROP", arguments->drop, "the folder that `exhibit collect` filled").Required().TypeName("FOLDER");
  arguments->signer.AddTo(command);
  command.Footer(
      "Each item is checked to the last byte, and must be signed by a key that may collect. Its entry keeps that\n"
      "signature; the vault gives it its number. An item that is in the log already is skipped, so an\n"
      "interrupted take-in is run again. Nothing in the drop is changed.\n"
      "Exit status: 0 all of it is in the log, 1 something was refused.\n\n"
      "Example:\n  exhibit take-in /mnt/stick/drop");
  command.Runs([arguments, &globals = commands.globals] { return TakeInCommand(*arguments, globals).Run(); });
}

}  // namespace exhibit::cli
