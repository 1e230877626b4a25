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
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/bundle/container.h"
#include "vault/tell/load_file.h"
#include "vault/tell/papers.h"
#include "vault/work/export.h"

namespace exhibit::cli {
namespace {

constexpr std::string_view kSha512 = "sha512";

struct Arguments {
  ItemChoice items;
  bool partial = false;
  std::string out;
  std::vector<std::string> recipients;
  std::vector<std::string> withhold;
  std::string manifest;
  std::string load_file;
  std::string bates_prefix = "EXH";
  CosignArguments cosign;
  ReaderOptions reader;
  AccessOptions access;
  bool json = false;
};

std::string Summary(const Arguments& arguments, const work::ExportJob& job, const work::Exported& exported) {
  const std::string out = Printable(arguments.out);
  return Format(
      "{}: {}, {}{}\n"
      "entries      {} says who exports what and why, {} what the bundle has\n"
      "fingerprint  {}\n"
      "The receiver checks it with:  exhibit verify-bundle {} --fingerprint ...\n",
      out, Counted(exported.items, "item", "items"),
      exported.missing.empty() ? "" : Format("{} missing (omissions.json), ", exported.missing.size()),
      job.recipients.empty() ? "plain: whoever has it can read it"
                             : "sealed to " + Counted(job.recipients.size(), "recipient", "recipients"),
      exported.export_entry, exported.exported_entry, ToHex(exported.fingerprint.view()), out);
}

Json JsonOf(const Arguments& arguments, const work::ExportJob& job, const work::Exported& exported) {
  Json missing = Json::List();
  for (const bundle::Missing& one : exported.missing) missing.push_back({{"entry", one.item.value}, {"why", one.why}});
  return {{"file", arguments.out},
          {"items", exported.items},
          {"missing", std::move(missing)},
          {"recipients", job.recipients.size()},
          {"export_entry", exported.export_entry.value},
          {"exported_entry", exported.exported_entry.value},
          {"fingerprint", ToHex(exported.fingerprint.view())}};
}

work::ExportJob JobOf(const Arguments& arguments, const Globals& globals) {
  work::ExportJob job;
  job.target = arguments.out;
  job.purpose = arguments.access.purpose;
  job.withhold = arguments.withhold;
  if (arguments.manifest == kSha512) job.digests = bundle::Digests::kSha256And512;
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

// Looked at before anything is recorded.
Result<void> MayMakeLoadFile(const Arguments& arguments) {
  if (arguments.load_file.empty()) return {};
  if (!arguments.recipients.empty()) {
    return Fail(ErrorCode::kInvalid, "a load file tells names and digests, and a sealed bundle keeps them secret",
                "export without --recipient, or without --load-file");
  }
  if (IsAbsent(arguments.load_file)) return {};
  return Fail(ErrorCode::kExists, Printable(arguments.load_file) + " is there already",
              "name a file that is not there");
}

Result<ExitCode> Export(Arguments arguments, const Globals& globals) {
  if (arguments.out.empty()) return Fail(ErrorCode::kInvalid, "nothing is named that could be made: --out PATH");
  if (arguments.items.IsEmpty()) {
    return Fail(ErrorCode::kInvalid, "no items to export", "name them by their numbers, with --select, or --all");
  }
  if (!arguments.manifest.empty() && arguments.manifest != kSha512 && arguments.manifest != "sha256") {
    return Fail(ErrorCode::kInvalid, Format("--manifest {} is no hash of a manifest", Printable(arguments.manifest)),
                "write sha512; manifests of SHA-256 are always there");
  }
  if (arguments.cosign.await_seconds > 0 && arguments.cosign.policy.empty()) {
    return Fail(ErrorCode::kInvalid, "--await needs --policy, which says whose cosignatures are enough");
  }
  std::optional<tlog::Policy> policy;
  if (!arguments.cosign.policy.empty()) {
    TRY(policy, ReadPolicy(arguments.cosign.policy));
  }
  TRY(std::vector<seal::Recipient> recipients, LoadRecipients(arguments.recipients));
  TRY_VOID(bundle::CheckTargetName(arguments.out));
  TRY_VOID(NewFolder::MayMake(arguments.out, {}));
  TRY_VOID(MayMakeLoadFile(arguments));
  TRY_VOID(CheckWritable(globals.VaultFolder()));
  TRY(const auto reader, FindVaultKeys(globals, arguments.reader, Ask::kIfNeeded));
  const seal::Identities keys = reader ? seal::Identities(*reader) : seal::Identities();
  TRY_VOID(AskPurpose(globals, arguments.access));
  work::ExportJob job = JobOf(arguments, globals);
  job.recipients = std::move(recipients);
  job.policy = policy ? &*policy : nullptr;
  tell::Papers papers;
  job.companion = &papers;
  job.choose = [&](const VaultReader& vault) { return arguments.items.Choose(vault, keys, globals); };
  Pool pool;
  tell::LoadFile load_file(papers, arguments.bates_prefix, std::filesystem::path(arguments.out).filename().native());
  if (!arguments.load_file.empty()) job.companion = &load_file;
  TRY(const work::Exported exported, work::Export(job, keys, pool));
  if (!arguments.load_file.empty()) TRY_VOID(WriteNewFile(arguments.load_file, ViewOf(load_file.text()), 0600));
  if (arguments.json) {
    PrintJson(JsonOf(arguments, job, exported));
  } else if (!globals.quiet) {
    Print(Summary(arguments, job, exported));
  }
  return ExitCode::kOk;
}

}  // namespace

void RegisterExport(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("export", "hand items over as a bag that proves itself");
  arguments->items.AddTo(command);
  command.AddFlag("--partial", arguments->partial,
                  "leave out what is shredded or fails its check, and say so in the bundle");
  command
      .AddOption("-o,--out", arguments->out, "the folder to make, or one file: NAME.tar or NAME.zip; it must not exist")
      .TypeName("PATH");
  command
      .AddOption("--recipient", arguments->recipients,
                 "seal to this age recipient or SSH Ed25519 key, or to those in this file; repeat for several "
                 "(default: plain)")
      .TypeName("age1...|ssh-ed25519 ...|FILE");
  command
      .AddOption(
          "--withhold", arguments->withhold,
          "a field of the items that is not told, such as path or acquired; its hash stands in its place; repeat for "
          "several")
      .TypeName("KEY")
      .OneEachTime();
  command
      .AddOption("--manifest", arguments->manifest,
                 "sha512: manifests of SHA-512 beside those of SHA-256, for tools that ask for them")
      .TypeName("HASH");
  const Option load = command
                          .AddOption("--load-file", arguments->load_file,
                                     "write a load file for review platforms too (Concordance DAT), beside the bundle")
                          .TypeName("FILE");
  command.AddOption("--bates-prefix", arguments->bates_prefix, "with --load-file: what document numbers begin with")
      .ShowDefault()
      .Needs(load);
  arguments->cosign.AddWitnessesTo(command);
  arguments->cosign.AddAwaitTo(command);
  arguments->reader.AddTo(command);
  arguments->access.AddTo(command);
  command.AddJson(arguments->json);
  command.Footer(
      "A signed entry records who exports, what, to whom and why, before the bundle is made; another one names what "
      "it\n"
      "has, or says that it failed. The same key signs the bundle. Without --partial one item that is not whole fails\n"
      "the export. The bundle's checkpoint is a new one: a receiver whose policy asks for witnesses\n"
      "needs their cosignatures on it. --witness and --policy collect them, as `exhibit checkpoint` does;\n"
      "with --policy no bundle is made that this policy does not accept. For witnesses who are reached by file only,\n"
      "--await keeps the export waiting: nothing leaves before their cosignatures are there.\n\nExamples:\n"
      "  exhibit export 3 5-7 --out handover -i reader.txt --purpose \"request of the FBI, 2025-03-02\"\n"
      "  exhibit export --select 'kind=ransom-message since=2025-02-01' --out notes -i reader.txt\n"
      "  exhibit export 3 --out handover.tar -i reader.txt --purpose \"expert opinion\"\n"
      "  exhibit export 3 --out handover --recipient age1... -i reader.txt --purpose \"expert opinion\"\n"
      "  exhibit export 3 --out handover -i reader.txt --purpose trial --policy receiver.policy\n"
      "  exhibit export 3 --out handover -i reader.txt --purpose trial --policy receiver.policy --await 3600\n"
      "Meanwhile, in another terminal, across an air gap:\n"
      "  exhibit checkpoint --witness-request request      (carried to the witness, who runs: exhibit witness sign)\n"
      "  exhibit checkpoint --witness answer --policy receiver.policy");
  commands.Run(command, arguments, Export);
}

}  // namespace exhibit::cli
