// exhibit init: makes a vault, its keys and its first entry.
#include <pwd.h>
#include <unistd.h>

#include <memory>

#include "cli/command.h"
#include "cli/identities.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/free_text.h"
#include "vault/work/make_vault.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string folder;
  std::string origin;
  std::vector<std::string> readers;
  std::string name;
  std::string key;
  bool no_passphrase = false;
  bool json = false;
};

std::string DefaultName() {
  std::string host(256, '\0');
  if (::gethostname(host.data(), host.size() - 1) != 0) host = "localhost";
  host.resize(host.find('\0') == std::string::npos ? host.size() : host.find('\0'));
  const passwd* const user = ::getpwuid(::getuid());
  return (user != nullptr ? std::string(user->pw_name) : "custodian") + "@" + host;
}

void Report(const Arguments& arguments, const work::NewVault& options, const work::MadeVault& result) {
  const std::string fingerprint = ToHex(result.fingerprint.view());
  const VaultPaths paths(arguments.folder);
  if (arguments.json) {
    PrintJson({{"vault", arguments.folder},
               {"origin", arguments.origin},
               {"fingerprint", fingerprint},
               {"log_key", result.log_key.ToText()},
               {"custodian_key", result.custodian_key.ToText()},
               {"recipient", result.recipient.ToText()},
               {"files",
                {{"custodian_key", options.custodian_key.native()},
                 {"log_key", paths.log_key.native()},
                 {"reader_key", paths.reader_key.native()}}}});
    return;
  }
  std::string text = Format("vault        {}\n", Printable(arguments.folder));
  text += Format("origin       {}\n", arguments.origin);
  text += Format("fingerprint  {}\n", Styled(Stream::kOutput, Style::kBold, fingerprint));
  text += Format("log key      {}\n", result.log_key.ToText());
  text += Format("custodian    {}\n", result.custodian_key.ToText());
  text +=
      "\nWrite the fingerprint down outside of this machine. Whoever knows it can verify the vault and\n"
      "every bundle of it, and needs to trust nothing that is stored in them.\n\nKeys:\n";
  text += Format("  {}\n      signs what you add{}", Printable(options.custodian_key.native()),
                 options.key_passphrase == nullptr ? " (no passphrase: anybody who can read this file signs as you)\n"
                                                   : " (under your passphrase)\n");
  text += Format("  {}\n      signs the vault's checkpoints{}", Printable(paths.log_key.native()),
                 options.key_passphrase == nullptr ? " (no passphrase)\n" : " (under your passphrase)\n");
  text += Format("  {}\n      opens the evidence; sealed to {}. Keep a copy elsewhere: without it nobody can read.\n",
                 Printable(paths.reader_key.native()),
                 options.readers.empty() ? "your passphrase" : Format("{} reader(s)", options.readers.size()));
  text += Format("\nNext:  exhibit --vault {} add PATH...\n", Printable(arguments.folder));
  Print(text);
}

Result<ExitCode> Init(const Arguments& arguments) {
  TRY(tlog::Origin origin, tlog::Origin::Parse(arguments.origin));
  TRY(std::vector<seal::X25519Recipient> readers, LoadReaders(arguments.readers));
  std::filesystem::path key_path = arguments.key;
  if (key_path.empty()) {
    TRY(key_path, UserKeyPath(origin));
  }
  work::NewVault options{arguments.folder,   std::move(origin), arguments.name.empty() ? DefaultName() : arguments.name,
                         std::move(readers), nullptr,           nullptr,
                         std::move(key_path)};
  std::optional<crypto::SecretText> passphrase;
  if (!arguments.no_passphrase || options.readers.empty()) {
    TRY(passphrase, AskNewPassphrase(arguments.no_passphrase ? "the vault's reader key" : "the vault's keys"));
    if (!arguments.no_passphrase) options.key_passphrase = &*passphrase;
    options.reader_passphrase = &*passphrase;
  }
  TRY_VOID(custody::CheckFreeTexts({{"origin", arguments.origin}, {"name", options.custodian_name}}));
  TRY(const work::MadeVault result, work::MakeVault(options));
  Report(arguments, options, result);
  return ExitCode::kOk;
}

}  // namespace

void RegisterInit(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("init", "make a vault");
  command.AddOption("DIR", arguments->folder, "the folder to make").Required();
  command
      .AddOption("--origin", arguments->origin,
                 "the vault's name in every signature, a URL without scheme: stmary.example/ir-2025-014")
      .Required();
  command
      .AddOption("--reader", arguments->readers,
                 "who may read: an age recipient (age1...) or a file of them; repeat for several")
      .TypeName("RECIPIENT");
  command.AddOption("--name", arguments->name, "the first custodian's name (default: you@this-host)");
  command.AddOption("--key", arguments->key, "where to write the custodian's signing key").TypeName("FILE");
  command.AddFlag("--no-passphrase", arguments->no_passphrase,
                  "keep the signing keys as plain files, for a machine that runs unattended");
  command.AddJson(arguments->json);
  command.Footer(
      "Without --reader, the evidence opens with the passphrase.\n\n"
      "Examples:\n"
      "  exhibit init case --origin stmary.example/ir-2025-014\n"
      "  exhibit init case --origin stmary.example/ir-2025-014 --reader age1... --name \"Alice Examiner\"");
  command.Runs([arguments] { return Init(*arguments); });
}

}  // namespace exhibit::cli
