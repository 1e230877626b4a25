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
  std::string compromised_since;
  SignerOptions signer;
};

Result<ExitCode> Rotate(const Arguments& arguments, const Globals& globals) {
  TRY(const std::optional<Moment> since, ReadSince(arguments.compromised_since));
  Pool pool;
  TRY(const auto vault, VaultWriter::Open({globals.VaultFolder(), arguments.signer.key, arguments.signer.patience,
                                           custody::Act::kRotateLog, globals.Opening()},
                                          PassphrasesOf(globals), pool));
  std::optional<crypto::SecretText> passphrase;
  if (!arguments.no_passphrase) {
    TRY(passphrase, AskNewPassphrase("the new log key"));
  }
  TRY(const store::Committed done, work::RotateLogKey(*vault, {passphrase ? &*passphrase : nullptr, since}));
  const std::string key = vault->state().log_keys().current().ToText();
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
  AddSinceTo(command, arguments->compromised_since);
  arguments->signer.AddTo(command);
  command.Footer(
      "An entry that both keys sign names the new one. Whoever steals it later cannot sign a checkpoint\n"
      "of before that entry. Erasing overwrites the file, which not every file system and disk does in place.\n"
      "With --compromised-since, `exhibit verify` says up to where the log was shown to others before that time.\n\n"
      "Examples:\n  exhibit rotate-log-key\n  exhibit rotate-log-key --compromised-since 2026-11-23T18:00:00Z");
  commands.Run(command, arguments, Rotate);
}

}  // namespace exhibit::cli
