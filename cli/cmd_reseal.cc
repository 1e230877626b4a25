// exhibit reseal: the vault moves to a new key pair.
#include <memory>

#include "cli/act.h"
#include "cli/checkpoint_output.h"
#include "cli/interrupt.h"
#include "cli/passphrase.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/reseal.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  ReaderOptions reader;
  SignerOptions signer;
};

void Report(const Arguments& arguments, const Globals& globals, const work::Resealed& done) {
  const std::string recipient = done.recipient.ToText();
  if (arguments.signer.json) {
    Json entries = Json::List();
    for (const tlog::Sequence entry : done.entries) entries.push_back(entry.value);
    PrintJson({{"entries", std::move(entries)},
               {"items", done.items},
               {"recipient", recipient},
               {"checkpoint", JsonOf(done.checkpoint)}});
    return;
  }
  Print(Format("{}  {} sealed to the vault's key {}\n", done.entries.back(), Counted(done.items, "item", "items"),
               recipient));
  if (globals.quiet) return;
  Say("the original headers stay, because entries name them: whoever kept the earlier key, and gets this folder, still "
      "opens what was sealed to it");
  Say("collectors go on with the key before: make their folders anew (exhibit collector new)");
}

Result<ExitCode> RunReseal(const Arguments& arguments, const Globals& globals) {
  Pool pool;
  TRY(const auto cosigner, LoadCosigner(globals, arguments.signer));
  TRY(const auto vault, OpenToAct(globals, arguments.signer, custody::Act::kReseal, pool));
  TRY(const KeyFileLook file, LookAtKeyFile(VaultPaths(globals.VaultFolder()).reader_key));
  const bool has_readers = !vault->state().facts().PresentReaders().empty();
  if (!file.passphrase && !has_readers) {
    return Fail(ErrorCode::kInvalid, "this vault's log does not say who its readers are",
                "name them first: exhibit reader add age1... --only");
  }
  TRY(const auto keys, FindVaultKeys(globals, arguments.reader, Ask::kIfNeeded));
  std::optional<crypto::SecretText> passphrase;
  if (!has_readers) {
    TRY(passphrase, AskNewPassphrase("the vault's new key"));
  }
  TRY(const bool goes_on, work::IsResealing(*vault));
  if (goes_on && !globals.quiet) Say("a reseal was begun and not ended: it goes on");
  std::atomic<std::uint64_t> done{0};
  std::atomic<std::uint64_t> all{0};
  auto resealed = [&] {
    const ProgressLine progress("sealed anew", ProgressLine::Unit::kCount, done, all);
    work::ResealRequest request{.keys = *keys,
                                .passphrase = passphrase ? &*passphrase : nullptr,
                                .cosigner = cosigner ? &*cosigner : nullptr,
                                .on_progress = [&](std::uint64_t now, std::uint64_t total) { done = now, all = total; },
                                .interrupted = &Interrupted()};
    return work::Reseal(*vault, request, pool);
  }();
  if (!resealed) {
    Error error = std::move(resealed).error();
    if (error.code == ErrorCode::kInterrupted) {
      error.message +=
          Format(": {} items are sealed to the new key; `exhibit reseal` goes on with the rest", done.load());
    }
    return Fail(std::move(error));
  }
  Report(arguments, globals, *resealed);
  return ExitCode::kOk;
}

}  // namespace

void RegisterReseal(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand(
      "reseal", "move the vault to a new key, which opens all that is there and all that comes");
  arguments->reader.AddTo(command);
  arguments->signer.AddTo(command);
  arguments->signer.AddCosignerTo(command);
  command.Footer(
      "Each item gets a header for the new key; content, entries and proofs stay as they are. Signed entries\n"
      "name the new key and each new header. Interrupted, it goes on where it was when it is run again.\n\n"
      "Example:\n  exhibit reseal -i reader.txt");
  commands.Run(command, arguments, RunReseal);
}

}  // namespace exhibit::cli
