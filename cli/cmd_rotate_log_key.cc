// exhibit rotate-log-key: a new key signs the checkpoints from here on, and the old one is erased.
#include <memory>

#include "cli/act.h"
#include "cli/checkpoint_output.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/rotate_log_key.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  bool no_passphrase = false;
  bool post_quantum = false;
  std::string compromised_since;
  std::string reason;
  SignerOptions signer;
};

Result<ExitCode> Rotate(const Arguments& arguments, const Globals& globals) {
  TRY(const std::optional<custody::EntryTime> since, ReadSince(arguments.compromised_since));
  Pool pool;
  TRY(const auto cosigner, LoadCosigner(globals, arguments.signer));
  TRY(const auto vault, OpenToAct(globals, arguments.signer, custody::LogKeyChange::kForm, pool));
  std::optional<crypto::SecretText> passphrase;
  if (!arguments.no_passphrase) {
    TRY(passphrase, AskNewPassphrase("the new log key"));
  }
  work::NewLogKey request{
      .passphrase = passphrase ? &*passphrase : nullptr,
      .compromised_since = since,
      .cosigner = cosigner ? &*cosigner : nullptr,
      .ml_dsa = arguments.post_quantum ? work::NewLogKey::MlDsa::kAdd : work::NewLogKey::MlDsa::kAsBefore,
  };
  Put(request.fields, "reason", arguments.reason);
  ShowFreeTexts(globals, request.fields);
  TRY(const store::Committed done, work::RotateLogKey(*vault, request));
  const std::string key = vault->state().log_keys().present().ed25519.ToText();
  if (arguments.signer.json) {
    PrintJson(
        {{"entry", done.first.value}, {"type", "log-key"}, {"log_key", key}, {"checkpoint", JsonOf(done.checkpoint)}});
    return ExitCode::kOk;
  }
  Print(Format("{}  the log's key is now {}\n", done.first, key));
  if (!globals.quiet) {
    Say("add it to the policies and witnesses that know this log; keep the old one there, for earlier checkpoints");
  }
  return ExitCode::kOk;
}

}  // namespace

void RegisterRotateLogKey(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand(
      "rotate-log-key", "let a new key sign the checkpoints from here on, and erase the old one");
  command.AddFlag("--no-passphrase", arguments->no_passphrase, "keep the new key in a file that only you can read");
  command.AddFlag("--post-quantum", arguments->post_quantum,
                  "give the log an ML-DSA-44 key beside it, which it then keeps having");
  AddReasonTo(command, arguments->reason);
  AddSinceTo(command, arguments->compromised_since);
  arguments->signer.AddTo(command);
  arguments->signer.AddCosignerTo(command);
  command.Footer(
      "An entry that both keys sign names the new one. Whoever steals it later cannot sign a checkpoint\n"
      "of before that entry. Erasing overwrites the file, which not every file system and disk does in place.\n"
      "With --compromised-since, `exhibit verify` says up to where the log was shown to others before that time.\n\n"
      "Examples:\n  exhibit rotate-log-key --reason \"yearly\"\n"
      "  exhibit rotate-log-key --reason \"disk copied\" --compromised-since 2026-11-23T18:00:00Z");
  commands.Run(command, arguments, Rotate);
}

}  // namespace exhibit::cli
