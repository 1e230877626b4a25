// exhibit export: hands items over, with proof.
#include <memory>

#include "cli/access.h"
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

// What can be known to fail fails before anything is recorded.
Result<void> CheckItems(const Globals& globals, const bundle::ExportRequest& request) {
  TRY_VOID(NewFolder::MayMake(request.target, {}));
  TRY(const auto vault, OpenVault(globals));
  for (const tlog::Sequence item : request.items) {
    TRY(const custody::SignedEntry entry, vault->Entry(item));
    if (custody::SealedFileOf(entry.entry().body) != nullptr) continue;
    return Fail(ErrorCode::kInvalid, "entry " + std::to_string(item.value) + ": holds no item");
  }
  return {};
}

Result<ExitCode> Export(const Arguments& arguments, const Globals& globals) {
  bundle::ExportRequest request{arguments.out, {}, {}, &Interrupted()};
  TRY(request.items, ParsePositions(arguments.positions));
  for (const std::string& text : arguments.recipients) {
    TRY(const seal::X25519Recipient recipient, seal::X25519Recipient::Parse(text));
    request.recipients.push_back(recipient);
  }
  if (request.recipients.size() > seal::kMaxStanzas) return Fail(ErrorCode::kInvalid, "more than 64 recipients");
  TRY_VOID(CheckItems(globals, request));
  TRY(const auto reader, FindReader(globals.VaultFolder(), arguments.reader, Ask::kIfNeeded));
  TRY_VOID(RecordAccess(globals, arguments.access, custody::Access::Way::kExport, request.items, arguments.recipients));
  // Opened behind the entry, so that the bundle tells of itself.
  TRY(const auto vault, OpenVault(globals));
  Pool pool;
  auto written = bundle::WriteBundle(*vault, *reader, request, pool);
  if (!written) return RecordFailure(arguments, globals, request, std::move(written).error());
  if (!globals.quiet) {
    Print(Printable(arguments.out) + ": " + std::to_string(request.items.size()) +
          (request.items.size() == 1 ? " item, " : " items, ") +
          (request.recipients.empty() ? "plain: whoever has this folder can read it" : "sealed to " + std::to_string(request.recipients.size()) + " recipient(s)") +
          "\nfingerprint  " + ToHex(vault->fingerprint().view()) +
          "\nThe receiver checks it with:  exhibit verify-bundle " + Printable(arguments.out) + " --fingerprint ...\n");
  }
  return ExitCode::kOk;
}

}  // namespace

void RegisterExport(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = commands.app.add_subcommand("export", "hand items over as a bag that proves itself");
  command->add_option("N", arguments->positions, "the entries' numbers; 3-9 for a range")->required();
  command->add_option("--out", arguments->out, "the folder to make; it must not exist")->required()->type_name("DIR");
  command->add_option("--recipient", arguments->recipients, "seal to this age recipient; repeat for several (default: plain)");
  arguments->reader.AddTo(*command);
  arguments->access.AddTo(*command);
  command->footer("A signed entry records who exports, what, to whom and why, before the bundle is made; another one\n"
                  "if that fails.\n\nExamples:\n"
                  "  exhibit export 3 5-7 --out handover -i reader.txt --purpose \"request of the FBI, 2025-03-02\"\n"
                  "  exhibit export 3 --out handover --recipient age1... -i reader.txt --purpose \"expert opinion\"");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] { return Export(*arguments, globals); };
  });
}

}  // namespace exhibit::cli
