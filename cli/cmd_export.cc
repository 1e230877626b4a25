// exhibit export: hands items over, with proof.
#include <memory>

#include "cli/access.h"
#include "cli/cosign.h"
#include "cli/filter.h"
#include "cli/identities.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "cli/trust.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/bundle/container.h"
#include "vault/tell/papers.h"
#include "vault/work/export.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> positions;
  std::vector<std::string> selections;
  bool partial = false;
  std::string out;
  std::vector<std::string> recipients;
  bool announce = false;
  std::uint64_t announced = 0;
  CosignArguments cosign;
  ReaderOptions reader;
  AccessOptions access;
};

// The items that are asked for, by number and by selection.
Result<std::vector<tlog::Sequence>> ChooseItems(const Arguments& arguments, const VaultReader& vault,
                                                seal::Identities reader) {
  TRY(std::vector<tlog::Sequence> items, ParsePositions(arguments.positions));
  if (arguments.selections.empty()) return items;
  TRY(const FilterOptions options, ParseSelection(arguments.selections));
  TRY(const Filter filter, MakeFilter(options));
  TRY(const std::vector<tlog::Sequence> selected, Select(vault, filter, reader));
  if (selected.empty()) {
    std::string shown;
    for (const std::string& selection : arguments.selections) shown += " " + Printable(selection);
    return Fail(ErrorCode::kNotFound, "no item matches" + shown,
                "exhibit list takes the same filters, and shows what there is");
  }
  items.insert(items.end(), selected.begin(), selected.end());
  return items;
}

std::string Summary(const Arguments& arguments, const work::ExportJob& job, const work::Exported& exported) {
  const std::string out = Printable(arguments.out);
  return Format(
      "{}: {}, {}{}\n"
      "fingerprint  {}\n"
      "The receiver checks it with:  exhibit verify-bundle {} --fingerprint ...\n",
      out, Counted(exported.items, "item", "items"),
      exported.missing.empty() ? "" : Format("{} missing (omissions.json), ", exported.missing.size()),
      job.recipients.empty() ? "plain: whoever has it can read it"
                             : "sealed to " + Counted(job.recipients.size(), "recipient", "recipients"),
      ToHex(exported.fingerprint.view()), out);
}

work::ExportJob JobOf(const Arguments& arguments, const Globals& globals) {
  work::ExportJob job;
  job.target = arguments.out;
  job.purpose = arguments.access.purpose;
  job.program = "exhibit " EXHIBIT_VERSION;
  job.whole = arguments.partial ? work::ExportJob::Whole::kLeaveOut : work::ExportJob::Whole::kAll;
  job.on_left_out = [](const bundle::Missing& one) {
    Say(Format("left out: item {}: {}", one.item, Printable(one.why)));
  };
  job.open_reader = [&globals] { return OpenVault(globals); };
  job.open_writer = WriterOf(globals, arguments.access);
  job.load_signer = [&globals, key = arguments.access.signer.key]() -> Result<tlog::SigningKey> {
    TRY(const tlog::Origin origin, OriginOf(globals));
    return LoadCustodianKey(key, origin, PassphrasesOf(globals));
  };
  job.cosign = [&arguments](const VaultReader& vault) { return Collect(arguments.cosign, vault); };
  job.interrupted = &Interrupted();
  job.on_unrecorded = [](const Error& error) { Say("the failed export could not be recorded: " + error.message); };
  return job;
}

Result<ExitCode> Announce(const work::ExportJob& job, seal::Identities keys, const Globals& globals, Pool& pool) {
  TRY(const tlog::Sequence entry, work::Announce(job, keys, pool));
  Print(Format("{}  announced\n", entry));
  if (!globals.quiet) {
    Say(Format("when witnesses have cosigned the log: exhibit export ... --announced {}", entry));
  }
  return ExitCode::kOk;
}

Result<ExitCode> Export(Arguments arguments, const Globals& globals) {
  if (arguments.out.empty() && !arguments.announce)
    return Fail(ErrorCode::kInvalid, "nothing is named that could be made: --out PATH");
  if (arguments.positions.empty() && arguments.selections.empty()) {
    return Fail(ErrorCode::kInvalid, "no items to export", "name them by their numbers, or with --select");
  }
  std::optional<tlog::Policy> policy;
  if (!arguments.cosign.policy.empty()) {
    TRY(policy, ReadPolicy(arguments.cosign.policy));
  }
  TRY(std::vector<seal::Recipient> recipients, LoadRecipients(arguments.recipients));
  if (!arguments.out.empty()) {
    TRY_VOID(bundle::CheckTargetName(arguments.out));
    TRY_VOID(NewFolder::MayMake(arguments.out, {}));
  }
  TRY_VOID(CheckWritable(globals.VaultFolder()));
  // To announce items by their numbers needs no key.
  const bool reads = !arguments.announce || arguments.partial || !arguments.selections.empty();
  TRY(const auto reader, FindVaultKeys(globals, arguments.reader, reads ? Ask::kIfNeeded : Ask::kNever));
  const seal::Identities keys = reader ? seal::Identities(*reader) : seal::Identities();
  if (arguments.announced == 0) TRY_VOID(AskPurpose(globals, arguments.access));
  work::ExportJob job = JobOf(arguments, globals);
  job.recipients = std::move(recipients);
  job.policy = policy ? &*policy : nullptr;
  tell::Papers papers;
  job.companion = &papers;
  job.choose = [&](const VaultReader& vault) { return ChooseItems(arguments, vault, keys); };
  Pool pool;
  if (arguments.announce) return Announce(job, keys, globals, pool);
  TRY(const work::Exported exported, arguments.announced > 0
                                         ? work::ExportAnnounced(job, {arguments.announced}, keys, pool)
                                         : work::Export(job, keys, pool));
  if (!globals.quiet) Print(Summary(arguments, job, exported));
  return ExitCode::kOk;
}

}  // namespace

void RegisterExport(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("export", "hand items over as a bag that proves itself");
  command.AddOption("N", arguments->positions, "the entries' numbers; 3-9 for a range");
  command.AddOption("--select", arguments->selections, "the items that match: kind=, tag=, case=, since=, until=")
      .TypeName("WORDS");
  command.AddFlag("--partial", arguments->partial,
                  "leave out what is shredded or fails its check, and say so in the bundle");
  command.AddOption("--out", arguments->out, "the folder to make, or one file: NAME.tar or NAME.zip; it must not exist")
      .TypeName("PATH");
  command
      .AddOption("--recipient", arguments->recipients,
                 "seal to this age recipient or SSH Ed25519 key, or to those in this file; repeat for several "
                 "(default: plain)")
      .TypeName("age1...|ssh-ed25519 ...|FILE");
  arguments->cosign.AddWitnessesTo(command);
  const Option announce =
      command.AddFlag("--announce", arguments->announce,
                      "only record the export, so that witnesses who cannot be asked now can cosign the log with it");
  command
      .AddOption("--announced", arguments->announced,
                 "make the bundle that entry N announced, at the newest checkpoint that witnesses have cosigned since")
      .TypeName("N")
      .Excludes(announce);
  arguments->reader.AddTo(command);
  arguments->access.AddTo(command);
  command.Footer(
      "A signed entry records who exports, what, to whom and why, before the bundle is made; another one\n"
      "if that fails. The same key signs the bundle. Without --partial one item that is not whole fails\n"
      "the export. The bundle's checkpoint is a new one: a receiver whose policy asks for witnesses\n"
      "needs their cosignatures on it. --witness and --policy collect them, as `exhibit checkpoint` does;\n"
      "with --policy no bundle is made that this policy does not accept. Where witnesses are reached by file\n"
      "only, the export is announced first.\n\nExamples:\n"
      "  exhibit export 3 5-7 --out handover -i reader.txt --purpose \"request of the FBI, 2025-03-02\"\n"
      "  exhibit export --select 'kind=ransom-message since=2025-02-01' --out notes -i reader.txt\n"
      "  exhibit export 3 --out handover.tar -i reader.txt --purpose \"expert opinion\"\n"
      "  exhibit export 3 --out handover --recipient age1... -i reader.txt --purpose \"expert opinion\"\n"
      "  exhibit export 3 --out handover -i reader.txt --purpose trial --policy receiver.policy\n"
      "  exhibit export 3 --announce --purpose trial       (prints the entry's number, here 41)\n"
      "  exhibit checkpoint --witness-request request      (then, elsewhere: exhibit witness sign)\n"
      "  exhibit checkpoint --witness answer --witness-key w1.vkey\n"
      "  exhibit export 3 --announced 41 --out handover -i reader.txt");
  commands.Run(command, arguments, Export);
}

}  // namespace exhibit::cli
