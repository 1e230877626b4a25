// exhibit rescue: what is left of a damaged vault, as a vault again.
#include <atomic>
#include <memory>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/rescue_output.h"
#include "cli/terminal.h"
#include "cli/trust.h"
#include "vault/base/encoding.h"
#include "vault/work/rescue.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string damaged;
  std::string to;
  std::vector<std::string> also;
  std::string fingerprint;
  bool json = false;
};

Result<ExitCode> Rescue(const Arguments& arguments, const Globals& globals) {
  std::atomic<std::uint64_t> bytes_read{0};
  work::RescueJob job{arguments.damaged, arguments.to, {arguments.also.begin(), arguments.also.end()}, {}, nullptr,
                      &Interrupted(),    &bytes_read};
  if (!arguments.fingerprint.empty()) {
    TRY(job.fingerprint, ParseFingerprint(arguments.fingerprint));
  }
  Pool pool;
  const auto rescued = [&] {
    const std::atomic<std::uint64_t> unknown{0};
    const ProgressLine line("read", ProgressLine::Unit::kBytes, bytes_read, unknown);
    return work::Rescue(job, pool);
  }();
  if (!rescued) return Fail(rescued.error());
  if (arguments.json) {
    PrintJson(JsonOf(*rescued, arguments.to));
    return StatusOf(*rescued);
  }
  if (!globals.quiet) {
    for (const std::string& remark : rescued->remarks) Say(remark);
  }
  if (!globals.quiet || !rescued->is_whole()) Print(ToText(*rescued, arguments.to));
  return StatusOf(*rescued);
}

}  // namespace

void RegisterRescue(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("rescue", "read what is left of a damaged vault into a new one");
  command.AddOption("DAMAGED", arguments->damaged, "the damaged vault's folder; it is only read").Required();
  command.AddOption("--to", arguments->to, "the vault to make; it must not exist").Required().TypeName("DIR");
  command
      .AddOption("--also", arguments->also,
                 "what may fill gaps: a backup of the vault, a published copy of the log, a bundle, a proof, a kit; "
                 "repeat for several")
      .TypeName("PLACE")
      .OneEachTime();
  command
      .AddOption("--fingerprint", arguments->fingerprint,
                 "the vault's fingerprint, where pieces of several vaults lie together")
      .TypeName("HEX");
  command.AddJson(arguments->json);
  command.Footer(
      "The damaged vault is read as plain files, whatever its database says, and never written to. What is signed\n"
      "proves itself: entries by the tree of a signed head, sealed files by the hashes in their entries. The new\n"
      "vault is the same log with the same fingerprint. What is lost keeps its place, and `verify` goes on to name\n"
      "it: its entry, its hash in the log, and which bytes of its sealed file are missing. No key is needed.\n"
      "--json lists everything, for whoever has to answer for it.\n"
      "Exit status: 0 all of it is in the new vault, 3 something is lost (the new vault has the rest), 1 no vault\n"
      "could be made of what is left.\n\n"
      "Examples:\n"
      "  exhibit rescue /mnt/broken/vault --to /srv/vault\n"
      "  exhibit rescue /mnt/broken/vault --to /srv/vault --also /mnt/backup/vault --also /srv/published --json");
  commands.RunWithoutVault(command, arguments, Rescue);
}

}  // namespace exhibit::cli
