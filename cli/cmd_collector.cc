// exhibit collector: what a collecting machine needs, in one folder.
#include <memory>

#include "cli/act.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/intake/collector.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string name;
  std::string out;
  std::string organisation;
  std::string contact;
  bool no_passphrase = false;
  bool no_admit = false;
  SignerOptions signer;
};

// The command that admits it, for somebody else to type.
std::string AdmissionLine(const std::string& name, const tlog::VerifierKey& key) {
  return Format("exhibit custodian add '{}' --role collector --name '{}'", key.ToText(), Printable(name));
}

Result<tlog::VerifierKey> MakeFolder(const Arguments& arguments, const Globals& globals) {
  std::string key_name;
  for (const char c : arguments.name) key_name.push_back(c == ' ' || c == '+' ? '-' : c);
  TRY(tlog::KeyName name, tlog::KeyName::Parse(key_name));
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  if (!arguments.no_admit) TRY_VOID(UnlockKeys(globals, arguments.signer));
  std::optional<crypto::SecretText> passphrase;
  if (!arguments.no_passphrase) {
    TRY(passphrase, AskNewPassphrase("the collector's key"));
  }
  TRY_VOID(custody::CheckFreeTexts(
      {{"name", arguments.name}, {"organisation", arguments.organisation}, {"contact", arguments.contact}}));
  return intake::MakeCollectorFolder(arguments.out, {state.origin(), state.fingerprint(), state.recipient()},
                                     std::move(name), passphrase ? &*passphrase : nullptr);
}

Result<ExitCode> New(const Arguments& arguments, const Globals& globals) {
  TRY(tlog::VerifierKey key, MakeFolder(arguments, globals));
  if (arguments.no_admit) {
    if (arguments.signer.json) {
      PrintJson({{"key", key.ToText()}, {"folder", arguments.out}, {"admitted", false}});
    } else {
      Print(Format("{}  made; let a custodian admit it:\n  {}\n", Printable(arguments.out),
                   AdmissionLine(arguments.name, key)));
    }
    return ExitCode::kOk;
  }
  const std::string line = AdmissionLine(arguments.name, key);
  const std::string done = Format("admitted: {} as collector; its folder is {}", custody::ActorOf(key), arguments.out);
  custody::Custodian collector{arguments.name,
                               std::move(key),
                               {custody::Role::kCollector},
                               Given(arguments.organisation),
                               Given(arguments.contact)};
  auto admitted = CommitAct(globals, arguments.signer, custody::Admit{std::move(collector)}, done);
  if (admitted) return admitted;
  return Fail(Error(std::move(admitted).error())
                  .In(Format("the folder {} is made, but its key is not admitted", Printable(arguments.out)))
                  .Hint(line));
}

}  // namespace

void RegisterCollector(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command collector =
      commands.program.AddCommand("collector", "set up machines that collect and can read nothing");
  collector.NeedsCommand();
  const Command make =
      collector.AddCommand("new", "make the folder that a collecting machine needs, and admit its key");
  make.AddOption("NAME", arguments->name, "what the machine is called").Required();
  make.AddOption("--out", arguments->out, "the folder to make; it must not exist").Required().TypeName("FOLDER");
  make.AddOption("--organisation", arguments->organisation, "whose machine it is");
  make.AddOption("--contact", arguments->contact, "whom to ask about it");
  make.AddFlag("--no-passphrase", arguments->no_passphrase,
               "keep its signing key plain, for a machine that collects unattended");
  make.AddFlag("--no-admit", arguments->no_admit, "do not admit the key; print the line that does");
  arguments->signer.AddTo(make);
  arguments->signer.AddCosignerTo(make);
  make.Footer(
      "In the folder are the public half of the vault's key, its origin and fingerprint, and a signing key. Who "
      "steals\n"
      "it reads nothing, and signs false items until `exhibit custodian retire`.\n\n"
      "Example:\n  exhibit collector new fs01 --out /mnt/stick/fs01 --no-passphrase");
  commands.Run(make, arguments, New);
}

}  // namespace exhibit::cli
