// exhibit take-in: adds items that collectors sealed elsewhere.
#include <memory>

#include "cli/act.h"
#include "cli/checkpoint_output.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/bucket_drop_files.h"
#include "vault/work/take_in.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string drop;
  bool accept_retired = false;
  bool accept_earlier_key = false;
  std::string reason;
  SignerOptions signer;
};

class TakeInCommand {
 public:
  TakeInCommand(const Arguments& arguments, const Globals& globals) : arguments_(arguments), globals_(globals) {}

  Result<ExitCode> Run() {
    const bool accepts = arguments_.accept_retired || arguments_.accept_earlier_key;
    if (accepts && arguments_.reason.empty())
      return Fail(ErrorCode::kInvalid, "why is it accepted? a note on the items says so", "--reason TEXT");
    Pool pool;
    TRY(const auto vault, OpenToAct(globals_, arguments_.signer, custody::Item::kForm, pool));
    if (!arguments_.reason.empty()) TRY_VOID(custody::CheckFreeText({"reason", arguments_.reason}));
    TRY(const auto drop, FilesOfDrop());
    work::TakeInRequest request{.drop = drop.get(),
                                .reason = arguments_.reason,
                                .on_taken = [this](const work::TakenIn& taken) { Show(taken); },
                                .on_refused = [this](const intake::Refused& refused) { ShowRefused(refused); },
                                .on_remark = [this](const std::string& text) { ShowRemark(text); },
                                .interrupted = &Interrupted()};
    if (arguments_.accept_retired) request.accept.Insert(custody::Accepted::kRetired);
    if (arguments_.accept_earlier_key) request.accept.Insert(custody::Accepted::kEarlierKey);
    TRY(const work::TakeInOutcome outcome, work::TakeIn(*vault, request));
    Finish(outcome);
    return outcome.refused > 0 ? ExitCode::kFailed : ExitCode::kOk;
  }

 private:
  Result<std::unique_ptr<intake::DropFiles>> FilesOfDrop() const {
    if (!net::S3Place::LooksLikeOne(arguments_.drop))
      return std::unique_ptr<intake::DropFiles>(std::make_unique<intake::FolderDrop>(arguments_.drop));
    TRY(const net::S3Place place, net::S3Place::Parse(arguments_.drop));
    return std::unique_ptr<intake::DropFiles>(
        std::make_unique<work::BucketDropFiles>(net::BucketFiles::At(place, &Interrupted())));
  }

  void Show(const work::TakenIn& taken) {
    if (taken.accepted.Has(custody::Accepted::kEarlierKey)) ++late_;
    if (arguments_.signer.json) {
      Json item = {{"entry", taken.entry.value}, {"collector", taken.of.handle}, {"number", taken.of.number}};
      for (const custody::Accepted what : taken.accepted.List())
        item["accepted"].push_back(std::string(custody::ToText(what)));
      items_.push_back(std::move(item));
      return;
    }
    Print(Format("{}  {}  number {}  {} sealed\n", taken.entry, Printable(taken.of.handle), taken.of.number,
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
      Json json = {{"items", items_},
                   {"runs", outcome.runs},
                   {"already", outcome.already},
                   {"refused", refused_},
                   {"remarks", remarks_}};
      if (outcome.checkpoint) json["checkpoint"] = JsonOf(*outcome.checkpoint);
      PrintJson(json);
      return;
    }
    if (globals_.quiet) return;
    std::string text = Format("\n{} taken in", Counted(outcome.taken, "item", "items"));
    if (outcome.runs > 0) text += Format(", {} closed", Counted(outcome.runs, "run", "runs"));
    if (outcome.already > 0) text += Format(", {} in the log already", outcome.already);
    if (outcome.refused > 0) text += Format(", {} refused", outcome.refused);
    text += "\n";
    if (outcome.checkpoint) text += CheckpointLine(*outcome.checkpoint);
    Print(text);
    if (late_ == 0) return;
    Say(Format(
        "{} sealed to an earlier key of the vault, which keys/reader.age must hold until another `exhibit reseal` "
        "seals them to a new one",
        Counted(late_, "item is", "items are")));
  }

  const Arguments& arguments_;
  const Globals& globals_;
  std::uint64_t late_ = 0;  // taken in, and sealed to an earlier key
  Json items_ = Json::List();
  Json refused_ = Json::List();
  Json remarks_ = Json::List();
};

}  // namespace

void RegisterTakeIn(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("take-in", "take what collectors sealed into a drop into the vault");
  command
      .AddOption("DROP", arguments->drop,
                 "the folder that `exhibit collect` filled, or its place on an object store: s3://HOST/BUCKET/PREFIX")
      .Required()
      .TypeName("PLACE");
  const Option reason = command.AddOption("--reason", arguments->reason, "why something is accepted; for a note on it");
  command
      .AddFlag("--accept-retired", arguments->accept_retired,
               "take in items of a collector whose key was retired; a custodian answers for it")
      .Needs(reason);
  command
      .AddFlag("--accept-earlier-key", arguments->accept_earlier_key,
               "take in items that are sealed to a key that the vault had before; a custodian answers for it")
      .Needs(reason);
  arguments->signer.AddTo(command);
  command.Footer(
      "Each item is checked to the last byte, and must be signed by a key that may collect. Its entry keeps that\n"
      "signature; the vault gives it its number. An item that is in the log already is skipped, so an\n"
      "interrupted take-in is run again. Nothing in the drop is changed, also on an object store: there all that is\n"
      "below the prefix is looked at, and of each name what was put first.\n"
      "Exit status: 0 all of it is in the log, 1 something was refused.\n\n"
      "Examples:\n  exhibit take-in /mnt/stick/drop\n"
      "  exhibit take-in s3://s3.example.org/evidence/q4d2/drops/fs01\n"
      "  exhibit take-in /mnt/stick/drop --accept-retired --reason \"collected before the key was retired\"");
  command.Runs([arguments, &globals = commands.globals] {
    return WithVault(globals, [&] { return TakeInCommand(*arguments, globals).Run(); });
  });
}

}  // namespace exhibit::cli
