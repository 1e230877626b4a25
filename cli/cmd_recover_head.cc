// exhibit recover-head: goes on with a vault that was restored from a backup, and records that in its log.
#include <memory>

#include "cli/act.h"
#include "cli/checkpoint_output.h"
#include "cli/prompt.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/verify/kept_check.h"
#include "vault/work/recover_head.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string reason;
  std::string confirm;
  SignerOptions signer;
};

Result<void> Confirm(const Arguments& arguments, const ContradictedVault& found) {
  const std::string origin(found.vault->head().origin.text());
  Say("this vault has " + tlog::Describe(found.vault->head()));
  for (const LostHead& lost : found.lost) {
    Say(Format("kept in {}: {}", Printable(lost.where), tlog::Describe(lost.checkpoint)));
  }
  Say("going on from here gives up the entries that only the kept heads cover; the log records that for ever");
  std::string answer = arguments.confirm;
  if (answer.empty()) {
    auto typed =
        AskLine(Format("If this copy was restored on purpose, type the vault's origin ({}): ", Printable(origin)));
    if (!typed) return Fail(Error(std::move(typed).error()).Hint("give it with --confirm ORIGIN"));
    answer = std::move(*typed);
  }
  if (answer == origin) return {};
  return Fail(ErrorCode::kDenied,
              Format("not confirmed: \"{}\" is not the vault's origin; nothing was changed", Printable(answer)));
}

Result<ExitCode> Recover(const Arguments& arguments, const Globals& globals) {
  TRY_VOID(UnlockKeys(globals, arguments.signer));
  TRY_VOID(custody::CheckFreeText({"reason", arguments.reason}));
  store::Fields fields;
  Put(fields, "reason", arguments.reason);
  ShowFreeTexts(globals, fields);
  Pool pool;
  TRY(const auto cosigner, LoadCosigner(globals, arguments.signer));
  TRY(const work::RecoveredHead done,
      work::RecoverHead(
          {globals.VaultFolder(), arguments.signer.key, arguments.signer.patience, custody::LostHead::kForm,
           globals.Opening()},
          fields, [&](const ContradictedVault& found) { return Confirm(arguments, found); }, PassphrasesOf(globals),
          pool, cosigner ? &*cosigner : nullptr));
  if (arguments.signer.json) {
    Json json = {{"checkpoint", JsonOf(done.head)}, {"entries", Json::List()}, {"lost", Json::List()}};
    for (const tlog::Sequence entry : done.entries) json["entries"].push_back(entry.value);
    for (std::size_t i = 0; i < done.lost.size(); ++i) {
      json["lost"].push_back({{"checkpoint", JsonOf(done.lost[i].checkpoint)}, {"evidence", done.kept[i].native()}});
    }
    PrintJson(json);
    return ExitCode::kOk;
  }
  std::string text;
  for (const tlog::Sequence entry : done.entries) text += Format("{}  lost head recorded\n", entry);
  for (const auto& kept : done.kept) text += Format("evidence  {}\n", Printable(kept.native()));
  text += Format("head      {}\n", tlog::Describe(done.head));
  Print(text);
  if (done.entries.empty() && !globals.quiet) {
    Say("the log records this already; only the head that you kept was replaced");
  }
  return ExitCode::kOk;
}

}  // namespace

void RegisterRecoverHead(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand(
      "recover-head", "go on with a vault that was restored from a backup, and record that");
  AddReasonTo(command, arguments->reason);
  command.AddOption("--confirm", arguments->confirm, "the vault's origin, where no terminal can ask for it")
      .TypeName("ORIGIN");
  arguments->signer.AddTo(command);
  arguments->signer.AddCosignerTo(command);
  command.Footer(
      "A head that was kept and that the log does not extend is evidence: keep it, and look into it first\n"
      "(exhibit fork-proof). If an honest restore explains it, this writes an entry that names the lost head,\n"
      "keeps that head in the state directory under heads/lost/, and goes on from the present one. Everybody\n"
      "else who kept the lost head still sees that it was lost.\n\n"
      "Example:\n  exhibit recover-head --reason \"disk failed, restored from the backup of 24 November\"");
  commands.Run(command, arguments, Recover);
}

}  // namespace exhibit::cli
