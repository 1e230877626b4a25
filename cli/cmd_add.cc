// exhibit add: takes evidence in.
#include <memory>

#include "cli/act.h"
#include "cli/adding.h"
#include "cli/terminal.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/store/kept_heads.h"
#include "vault/work/add.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  EvidenceOptions adding;
  SignerOptions signer;
};

Result<ExitCode> Add(const Arguments& arguments, const Globals& globals) {
  const auto open = [&](Pool& pool) -> Result<std::unique_ptr<intake::Destination>> {
    TRY(auto vault, OpenToAct(globals, arguments.signer, custody::Item::kForm, pool));
    if (vault->adopted() > 0 && !globals.quiet) {
      Say(Counted(vault->adopted(), "entry", "entries") + " left by an interrupted add: signed over now");
    }
    if (const auto key = VaultPaths(globals.VaultFolder()).reader_key; IsAbsent(key)) {
      Say(Format("warning: {} is missing: what is added can be read by nobody until it is restored from a copy",
                 Printable(key.native())));
    }
    return std::unique_ptr<intake::Destination>(std::make_unique<work::VaultDestination>(std::move(vault)));
  };
  const auto journal = [](const intake::Destination& vault) {
    return store::UserJournalPath(vault.head().origin, vault.key().verifier().id());
  };
  return AddEvidence(arguments.adding,
                     {"exhibit add", open, journal, {globals.VaultFolder()}, Adding::Into::kVault, globals.quiet});
}

}  // namespace

void RegisterAdd(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("add", "take evidence in: files, folders, or - for the standard input");
  arguments->adding.AddTo(command);
  arguments->signer.AddKeyTo(command);
  command.Footer(
      "--resume passes over a file that this user added before with the same options, if its path, size and times are\n"
      "the same and its entry is in the log. Streams and devices are always read.\n\n"
      "--from images reads the reports of FTK Imager, Guymager, ewfacquire, dc3dd and dcfldd, and lists of hashes. "
      "What\n"
      "differs from them is taken in and said, and the exit status is 1; what they name and is not there, and sectors "
      "that\n"
      "could not be read at the source, are a signed omission.\n\n"
      "Examples:\n"
      "  exhibit add /var/log/auth.log --source fs01 --case IR-2025-014\n"
      "  exhibit add --hashes SHA256SUMS collected/\n"
      "  exhibit add --from images /mnt/usb/images --source fs01\n"
      "  exhibit add /home --exclude cache/ --exclude '*.tmp' --dry-run\n"
      "  exhibit add --exec 'ssh fs01 journalctl -o export' --name fs01.journal --kind log");
  commands.Run(command, arguments, Add);
}

}  // namespace exhibit::cli
