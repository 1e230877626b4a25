// exhibit export: hands items over, with proof.
#include <algorithm>
#include <memory>
#include <set>

#include "cli/access.h"
#include "cli/filter.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/bundle/writer.h"
#include "vault/custody/json_fields.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> positions;
  std::vector<std::string> selections;
  bool partial = false;
  std::string out;
  std::vector<std::string> recipients;
  ReaderOptions reader;
  AccessOptions access;
};

// The entry that announced the export stands; one behind it says that nothing left.
Failure RecordFailure(const Arguments& arguments, const Globals& globals, const bundle::ExportRequest& request, Error error) {
  AccessOptions access = arguments.access;
  access.purpose = PrintableUpTo(custody::kMaxLineBytes, "not exported: " + error.message);
  const auto recorded = RecordAccess(globals, access, custody::Access::Way::kExportFailed, request.items);
  if (!recorded) Say("that the export failed could not be recorded: " + recorded.error().message);
  return Fail(std::move(error));
}

// What is asked for, by number and by selection.
Result<std::vector<tlog::Sequence>> ChooseItems(const Arguments& arguments, const VaultReader& vault, const seal::X25519Identity& reader) {
  TRY(std::vector<tlog::Sequence> items, ParsePositions(arguments.positions));
  if (arguments.selections.empty()) return items;
  TRY(const FilterOptions options, ParseSelection(arguments.selections));
  TRY(const Filter filter, MakeFilter(options));
  TRY(const std::vector<tlog::Sequence> selected, Select(vault, filter, reader));
  if (selected.empty()) {
    std::string shown;
    for (const std::string& selection : arguments.selections) shown += " " + Printable(selection);
    return Fail(ErrorCode::kNotFound, "no item matches" + shown, "exhibit list takes the same filters, and shows what there is");
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

// With --partial: each item is read and opened in full, and what fails is left out and listed.
Result<void> LeaveOutWhatFails(const VaultReader& vault, const seal::X25519Identity& reader, bundle::ExportRequest& request, Pool& pool) {
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
    if (!std::ranges::any_of(failing, [&](const bundle::Missing& one) { return one.item == item; })) request.items.push_back(item);
  }
  std::ranges::move(failing, std::back_inserter(request.missing));
  std::ranges::sort(request.missing, {}, &bundle::Missing::item);
  for (const bundle::Missing& one : request.missing) {
    Say("left out: item " + std::to_string(one.item.value) + ": " + Printable(one.why));
  }
  if (request.items.empty()) return Fail(ErrorCode::kTampered, "not exported: none of the items is whole");
  return {};
}

// Reads the vault as it is before anybody is told of an export.
Result<void> Prepare(const Arguments& arguments, const Globals& globals, const seal::X25519Identity& reader,
                     bundle::ExportRequest& request, Pool& pool) {
  TRY(const auto vault, OpenVault(globals));
  TRY(request.items, ChooseItems(arguments, *vault, reader));
  TRY_VOID(CheckItems(*vault, request.items));
  return arguments.partial ? LeaveOutWhatFails(*vault, reader, request, pool) : Result<void>();
}

std::string Summary(const Arguments& arguments, const bundle::ExportRequest& request, const VaultReader& vault) {
  const std::string out = Printable(arguments.out);
  const std::size_t items = std::set<tlog::Sequence>(request.items.begin(), request.items.end()).size();
  return out + ": " + std::to_string(items) + (items == 1 ? " item, " : " items, ") +
         (request.missing.empty() ? "" : std::to_string(request.missing.size()) + " missing (omissions.json), ") +
         (request.recipients.empty() ? "plain: whoever has this folder can read it"
                                     : "sealed to " + std::to_string(request.recipients.size()) + " recipient(s)") +
         "\nfingerprint  " + ToHex(vault.fingerprint().view()) +
         "\nThe receiver checks it with:  exhibit verify-bundle " + out + " --fingerprint ...\n";
}

Result<ExitCode> Export(const Arguments& arguments, const Globals& globals) {
  if (arguments.positions.empty() && arguments.selections.empty()) {
    return Fail(ErrorCode::kInvalid, "no items to export", "name them by their numbers, or with --select");
  }
  bundle::ExportRequest request{arguments.out, {}, {}, &Interrupted()};
  request.program = "exhibit " EXHIBIT_VERSION;
  for (const std::string& text : arguments.recipients) {
    TRY(const seal::X25519Recipient recipient, seal::X25519Recipient::Parse(text));
    request.recipients.push_back(recipient);
  }
  if (request.recipients.size() > seal::kMaxStanzas) return Fail(ErrorCode::kInvalid, "more than 64 recipients");
  Pool pool;
  TRY_VOID(NewFolder::MayMake(request.target, {}));
  TRY(const auto reader, FindReader(globals.VaultFolder(), arguments.reader, Ask::kIfNeeded));
  TRY_VOID(Prepare(arguments, globals, *reader, request, pool));
  TRY(const tlog::SigningKey signer,
      RecordAccess(globals, arguments.access, custody::Access::Way::kExport, request.items, arguments.recipients));
  request.signer = &signer;
  // Opened behind the entry, so that the bundle tells of itself.
  TRY(const auto vault, OpenVault(globals));
  auto written = bundle::WriteBundle(*vault, *reader, request, pool);
  if (!written) return RecordFailure(arguments, globals, request, std::move(written).error());
  if (!globals.quiet) Print(Summary(arguments, request, *vault));
  return ExitCode::kOk;
}

}  // namespace

void RegisterExport(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = commands.app.add_subcommand("export", "hand items over as a bag that proves itself");
  command->add_option("N", arguments->positions, "the entries' numbers; 3-9 for a range");
  command->add_option("--select", arguments->selections, "the items that match: kind=, tag=, case=, since=, until=")->type_name("WORDS");
  command->add_flag("--partial", arguments->partial, "leave out what is shredded or fails its check, and say so in the bundle");
  command->add_option("--out", arguments->out, "the folder to make; it must not exist")->required()->type_name("DIR");
  command->add_option("--recipient", arguments->recipients, "seal to this age recipient; repeat for several (default: plain)");
  arguments->reader.AddTo(*command);
  arguments->access.AddTo(*command);
  command->footer("A signed entry records who exports, what, to whom and why, before the bundle is made; another one\n"
                  "if that fails. The same key signs the bundle. Without --partial one item that is not whole fails\n"
                  "the export.\n\nExamples:\n"
                  "  exhibit export 3 5-7 --out handover -i reader.txt --purpose \"request of the FBI, 2025-03-02\"\n"
                  "  exhibit export --select 'kind=ransom-message since=2025-02-01' --out notes -i reader.txt\n"
                  "  exhibit export 3 --out handover --recipient age1... -i reader.txt --purpose \"expert opinion\"");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] { return Export(*arguments, globals); };
  });
}

}  // namespace exhibit::cli
