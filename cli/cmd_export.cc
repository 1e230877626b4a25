// exhibit export: hands items over, with proof.
#include <algorithm>
#include <memory>
#include <set>

#include "cli/access.h"
#include "cli/beliefs.h"
#include "cli/cosign.h"
#include "cli/filter.h"
#include "cli/identities.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/bundle/container.h"
#include "vault/bundle/writer.h"
#include "vault/custody/json_fields.h"
#include "vault/tell/papers.h"
#include "vault/verify/source_at.h"

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

// Nothing left, and an entry says so; it may stand behind one that announced the export.
Failure RecordFailure(const Arguments& arguments, const Globals& globals, const bundle::ExportRequest& request,
                      Error error) {
  AccessOptions access = arguments.access;
  error.message = "not exported: " + error.message;
  access.purpose = PrintableUpTo(custody::kMaxLineBytes, error.message);
  const auto recorded = RecordAccess(globals, access, custody::Access::Way::kExportFailed, request.items);
  if (!recorded) Say("that the export failed could not be recorded: " + recorded.error().message);
  return Fail(std::move(error));
}

// What is asked for, by number and by selection.
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

// What can be known to fail fails before anything is recorded.
Result<void> CheckItems(const VaultReader& vault, const std::vector<tlog::Sequence>& items) {
  for (const tlog::Sequence item : items) {
    TRY(const custody::SignedEntry entry, vault.Entry(item));
    if (custody::SealedFileOf(entry.entry().body) != nullptr) continue;
    return Fail(ErrorCode::kInvalid, "entry " + std::to_string(item.value) + ": holds no item");
  }
  return {};
}

Result<void> CheckNotShredded(const VaultReader& vault, const std::vector<tlog::Sequence>& items) {
  TRY(const custody::State state, vault.State());
  for (const tlog::Sequence item : items) {
    const auto shredded = state.facts().shredded.find(item.value);
    if (shredded == state.facts().shredded.end()) continue;
    return Fail(ErrorCode::kInvalid, "item " + std::to_string(item.value) + " was shredded under entry " +
                                         std::to_string(shredded->second.value));
  }
  return {};
}

// With --partial: each item is read and opened in full, and what fails is left out and listed.
Result<void> LeaveOutWhatFails(const VaultReader& vault, seal::Identities reader, bundle::ExportRequest& request,
                               Pool& pool) {
  TRY(const custody::State state, vault.State());
  std::vector<tlog::Sequence> readable;
  for (const tlog::Sequence item : std::set<tlog::Sequence>(request.items.begin(), request.items.end())) {
    const auto found = state.facts().shredded.find(item.value);
    if (found == state.facts().shredded.end()) {
      readable.push_back(item);
    } else {
      request.missing.push_back({item, "shredded under entry " + std::to_string(found->second.value)});
    }
  }
  TRY(std::vector<bundle::Missing> failing, bundle::FindFailing(vault, reader, readable, &Interrupted(), pool));
  request.items.clear();
  for (const tlog::Sequence item : readable) {
    if (!std::ranges::any_of(failing, [&](const bundle::Missing& one) { return one.item == item; }))
      request.items.push_back(item);
  }
  std::ranges::move(failing, std::back_inserter(request.missing));
  std::ranges::sort(request.missing, {}, &bundle::Missing::item);
  for (const bundle::Missing& one : request.missing) {
    Say("left out: item " + std::to_string(one.item.value) + ": " + Printable(one.why));
  }
  if (request.items.empty()) return Fail(ErrorCode::kTampered, "not exported: none of the items is whole");
  return {};
}

// Without --partial: nothing is written of what is not whole to its last byte.
Result<void> CheckWhole(const VaultReader& vault, seal::Identities reader, const std::vector<tlog::Sequence>& items,
                        Pool& pool) {
  const std::set<tlog::Sequence> each(items.begin(), items.end());
  TRY(const std::vector<bundle::Missing> failing,
      bundle::FindFailing(vault, reader, {each.begin(), each.end()}, &Interrupted(), pool));
  if (failing.empty()) return {};
  return Fail(
      ErrorCode::kTampered, failing.front().why,
      "exhibit verify --content names everything that is wrong; --partial leaves it out, and says so in the bundle");
}

// Reads the vault as it is before anybody is told of an export. Without a reader's key nothing of the items is checked.
Result<void> Prepare(const Arguments& arguments, const Globals& globals, const std::optional<VaultKeys>& reader,
                     bundle::ExportRequest& request, Pool& pool) {
  TRY(const auto vault, OpenVault(globals));
  const seal::Identities keys = reader ? seal::Identities(*reader) : seal::Identities();
  TRY(request.items, ChooseItems(arguments, *vault, keys));
  TRY_VOID(CheckItems(*vault, request.items));
  if (arguments.partial) return LeaveOutWhatFails(*vault, keys, request, pool);
  TRY_VOID(CheckNotShredded(*vault, request.items));
  if (!reader) return {};
  auto whole = CheckWhole(*vault, keys, request.items, pool);
  if (whole || whole.error().code == ErrorCode::kInterrupted) return whole;
  return RecordFailure(arguments, globals, request, std::move(whole).error());
}

std::string Summary(const Arguments& arguments, const bundle::ExportRequest& request, const VaultReader& vault) {
  const std::string out = Printable(arguments.out);
  const std::size_t items = std::set<tlog::Sequence>(request.items.begin(), request.items.end()).size();
  return out + ": " + std::to_string(items) + (items == 1 ? " item, " : " items, ") +
         (request.missing.empty() ? "" : std::to_string(request.missing.size()) + " missing (omissions.json), ") +
         (request.recipients.empty() ? "plain: whoever has it can read it"
                                     : "sealed to " + std::to_string(request.recipients.size()) + " recipient(s)") +
         "\nfingerprint  " + ToHex(vault.fingerprint().view()) +
         "\nThe receiver checks it with:  exhibit verify-bundle " + out + " --fingerprint ...\n";
}

// As entries name them.
std::vector<std::string> TextsOf(const std::vector<seal::Recipient>& recipients) {
  std::vector<std::string> texts;
  for (const seal::Recipient& recipient : recipients) texts.push_back(seal::RecipientText(recipient));
  return texts;
}

// Entry N says that these items leave for these recipients.
Result<void> CheckAnnounced(const Arguments& arguments, const bundle::ExportRequest& request,
                            const VaultReader& vault) {
  TRY(const custody::SignedEntry entry, vault.Entry({arguments.announced}));
  TRY(const custody::ItemSet items, custody::ItemSet::Of(request.items));
  const auto* const access = std::get_if<custody::Access>(&entry.entry().body);
  if (access != nullptr && access->way == custody::Access::Way::kExport && access->items == items &&
      access->recipients == TextsOf(request.recipients)) {
    return {};
  }
  return Fail(ErrorCode::kInvalid,
              "entry " + std::to_string(arguments.announced) +
                  " does not announce an export of these items to these recipients",
              "announce it first: exhibit export ... --announce");
}

// The newest checkpoint with cosignatures that holds the entry.
Result<Bytes> FindCosigned(const Arguments& arguments, const VaultReader& vault) {
  TRY(const custody::LogKeys keys, vault.ReadLogKeys());
  std::optional<std::pair<tlog::TreeSize, Bytes>> newest;
  TRY(std::vector<verify::KeptCheckpoint> cosigned, vault.ReadCosigned());
  for (verify::KeptCheckpoint& one : cosigned) {
    const auto checkpoint = verify::CheckKept(vault, vault.head(), keys, one);
    if (!checkpoint || checkpoint->size.value <= arguments.announced) continue;
    if (!newest || checkpoint->size > newest->first) newest.emplace(checkpoint->size, std::move(one.note));
  }
  if (newest) return std::move(newest->second);
  return Fail(ErrorCode::kNotFound,
              "no checkpoint with entry " + std::to_string(arguments.announced) + " in it has cosignatures",
              "get them: exhibit checkpoint --witness-request FILE, exhibit witness sign, exhibit checkpoint "
              "--witness ANSWER");
}

// Without an entry of its own: the one that announced it stands.
Result<ExitCode> ExportAnnounced(const Arguments& arguments, const Globals& globals, bundle::ExportRequest& request,
                                 seal::Identities reader, Pool& pool) {
  TRY(const tlog::SigningKey signer, FindSigner(globals, arguments.access));
  request.signer = &signer;
  TRY(const auto vault, OpenVault(globals));
  TRY_VOID(CheckAnnounced(arguments, request, *vault));
  TRY_VOID(Collect(arguments.cosign, *vault));
  TRY(Bytes checkpoint, FindCosigned(arguments, *vault));
  tell::Papers papers;
  auto written = bundle::WriteBundle(verify::SourceAt(*vault, std::move(checkpoint)), reader, request, papers, pool);
  if (!written) return RecordFailure(arguments, globals, request, std::move(written).error());
  if (!globals.quiet) Print(Summary(arguments, request, *vault));
  return ExitCode::kOk;
}

Result<ExitCode> Announce(const Arguments& arguments, const Globals& globals, const bundle::ExportRequest& request) {
  TRY_VOID(custody::ItemSet::Of(request.items));
  TRY(const Recorded recorded, RecordAccess(globals, arguments.access, custody::Access::Way::kExport, request.items,
                                            TextsOf(request.recipients)));
  const tlog::Sequence entry = recorded.entry;
  Print(std::to_string(entry.value) + "  announced\n");
  if (!globals.quiet) {
    Say("when witnesses have cosigned the log: exhibit export ... --announced " + std::to_string(entry.value));
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
  bundle::ExportRequest request{arguments.out, {}, {}, &Interrupted(), policy ? &*policy : nullptr};
  request.program = "exhibit " EXHIBIT_VERSION;
  TRY(request.recipients, LoadRecipients(arguments.recipients));
  if (!request.target.empty()) {
    TRY_VOID(bundle::CheckTargetName(request.target));
    TRY_VOID(NewFolder::MayMake(request.target, {}));
  }
  TRY_VOID(CheckWritable(globals.VaultFolder()));
  Pool pool;
  // To announce what is named by numbers takes no key.
  const bool reads = !arguments.announce || arguments.partial || !arguments.selections.empty();
  TRY(const auto reader, FindReader(globals, arguments.reader, reads ? Ask::kIfNeeded : Ask::kNever));
  if (arguments.announced == 0) TRY_VOID(AskPurpose(globals, arguments.access));
  TRY_VOID(Prepare(arguments, globals, reader, request, pool));
  if (arguments.announce) return Announce(arguments, globals, request);
  if (arguments.announced > 0) return ExportAnnounced(arguments, globals, request, *reader, pool);
  TRY(const Recorded recorded, RecordAccess(globals, arguments.access, custody::Access::Way::kExport, request.items,
                                            TextsOf(request.recipients)));
  request.signer = &recorded.signer;
  // Opened behind the entry, so that the bundle tells of itself.
  TRY(const auto vault, OpenVault(globals));
  auto collected = Collect(arguments.cosign, *vault);
  if (!collected) return RecordFailure(arguments, globals, request, std::move(collected).error());
  tell::Papers papers;
  auto written = bundle::WriteBundle(*vault, *reader, request, papers, pool);
  if (!written) return RecordFailure(arguments, globals, request, std::move(written).error());
  if (!globals.quiet) Print(Summary(arguments, request, *vault));
  return ExitCode::kOk;
}

}  // namespace

void RegisterExport(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = commands.app.add_subcommand("export", "hand items over as a bag that proves itself");
  command->add_option("N", arguments->positions, "the entries' numbers; 3-9 for a range");
  command->add_option("--select", arguments->selections, "the items that match: kind=, tag=, case=, since=, until=")
      ->type_name("WORDS");
  command->add_flag("--partial", arguments->partial,
                    "leave out what is shredded or fails its check, and say so in the bundle");
  command
      ->add_option("--out", arguments->out, "the folder to make, or one file: NAME.tar or NAME.zip; it must not exist")
      ->type_name("PATH");
  command
      ->add_option("--recipient", arguments->recipients,
                   "seal to this age recipient or SSH Ed25519 key, or to those in this file; repeat for several "
                   "(default: plain)")
      ->type_name("age1...|ssh-ed25519 ...|FILE");
  arguments->cosign.AddWitnessesTo(*command);
  CLI::Option* const announce =
      command->add_flag("--announce", arguments->announce,
                        "only record the export, so that witnesses who cannot be asked now can cosign the log with it");
  command
      ->add_option(
          "--announced", arguments->announced,
          "make the bundle that entry N announced, at the newest checkpoint that witnesses have cosigned since")
      ->type_name("N")
      ->excludes(announce);
  arguments->reader.AddTo(*command);
  arguments->access.AddTo(*command);
  command->footer(
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
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] { return Export(*arguments, globals); };
  });
}

}  // namespace exhibit::cli
