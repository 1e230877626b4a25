// exhibit export: hands items over, with proof.
#include <memory>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/text.h"
#include "vault/bundle/writer.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> positions;
  std::string out;
  std::vector<std::string> recipients;
  ReaderOptions reader;
};

Result<ExitCode> Export(const Arguments& arguments, const Globals& globals) {
  bundle::ExportRequest request{arguments.out, {}, {}, &Interrupted()};
  TRY(request.items, ParsePositions(arguments.positions));
  for (const std::string& text : arguments.recipients) {
    TRY(const seal::X25519Recipient recipient, seal::X25519Recipient::Parse(text));
    request.recipients.push_back(recipient);
  }
  if (request.recipients.size() > seal::kMaxStanzas) return Fail(ErrorCode::kInvalid, "more than 64 recipients");
  TRY(const auto vault, OpenVault(globals));
  for (const tlog::Sequence item : request.items) TRY_VOID(vault->Entry(item));
  TRY(const auto reader, FindReader(globals.VaultFolder(), arguments.reader, Ask::kIfNeeded));
  Pool pool;
  TRY_VOID(bundle::WriteBundle(*vault, *reader, request, pool));
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
  command->footer("Examples:\n  exhibit export 3 5-7 --out handover -i reader.txt\n"
                  "  exhibit export 3 --out handover --recipient age1... -i reader.txt");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] { return Export(*arguments, globals); };
  });
}

}  // namespace exhibit::cli
