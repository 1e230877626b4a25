// exhibit recover: the readers name a new custodian, because the keys of the others are lost or not to be trusted.
#include <memory>

#include "cli/act.h"
#include "cli/checkpoint_output.h"
#include "cli/identities.h"
#include "cli/passphrase.h"
#include "cli/prompt.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/recover.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string name;
  std::string organisation;
  std::string contact;
  std::string reason;
  std::string key_out;
  std::string confirm;
  bool no_passphrase = false;
  bool end_recovery = false;
  ReaderOptions reader;
  std::chrono::milliseconds patience{0};
  bool json = false;
};

Result<void> Confirm(const Arguments& arguments, const tlog::Origin& origin) {
  Say("this admits a new custodian round every rule, and stops all others until the new one lifts them; every verdict "
      "names it, for ever");
  std::string answer = arguments.confirm;
  if (answer.empty()) {
    auto typed = AskLine(Format("Type the vault's origin ({}) to go on: ", Printable(origin.text())));
    if (!typed) return Fail(Error(std::move(typed).error()).Hint("give it with --confirm ORIGIN"));
    answer = std::move(*typed);
  }
  if (answer == origin.text()) return {};
  return Fail(ErrorCode::kDenied,
              Format("not confirmed: \"{}\" is not the vault's origin; nothing was changed", Printable(answer)));
}

void Report(const Arguments& arguments, const Globals& globals, const work::RecoverRequest& request,
            const work::Recovered& done) {
  if (arguments.json) {
    PrintJson({{"entry", done.entry.value},
               {"type", "recovery"},
               {"person", done.person.number},
               {"key", done.custodian_key.ToText()},
               {"file", request.custodian_key.native()},
               {"checkpoint", JsonOf(done.checkpoint)}});
    return;
  }
  Print(Format("{}  {} is custodian: {}\nkey          {}\n", done.entry, custody::NameOf(done.person),
               Printable(custody::ActorOf(done.custodian_key).text()), Printable(request.custodian_key.native())));
  if (!globals.quiet) {
    Say("the custodians before are stopped: lift them one by one (exhibit lift), or retire their keys");
  }
}

Result<ExitCode> RunRecover(const Arguments& arguments, const Globals& globals) {
  TRY_VOID(CheckWritable(globals.VaultFolder()));
  TRY(const tlog::Origin origin, OriginOf(globals));
  TRY_VOID(Confirm(arguments, origin));
  TRY(const std::vector<seal::Identity> identities, LoadAllIdentities(IdentityFilesOf(arguments.reader)));
  std::optional<crypto::SecretText> passphrase;
  if (!arguments.no_passphrase) {
    TRY(passphrase, AskNewPassphrase("the new custodian's key"));
  }
  TRY(const KeyFileLook file, LookAtKeyFile(VaultPaths(globals.VaultFolder()).reader_key));
  std::optional<crypto::SecretText> reader_passphrase;
  if (file.passphrase && !arguments.end_recovery) {
    TRY(reader_passphrase, AskPassphrase("the vault's reader key, for the next recovery key"));
  }
  std::filesystem::path key_path = arguments.key_out;
  if (key_path.empty()) {
    TRY(key_path, UserKeyPath(origin));
  }
  using Next = work::RecoverRequest::Next;
  custody::PersonFacts person;
  person.name = Given(arguments.name);
  person.organisation = Given(arguments.organisation);
  person.contact = Given(arguments.contact);
  work::RecoverRequest request{.folder = globals.VaultFolder(),
                               .identities = identities,
                               .custodian = std::move(person),
                               .custodian_key = std::move(key_path),
                               .key_passphrase = passphrase ? &*passphrase : nullptr,
                               .next = arguments.end_recovery ? Next::kNone : Next::kRenew,
                               .reader_passphrase = reader_passphrase ? &*reader_passphrase : nullptr,
                               .patience = arguments.patience,
                               .opening = globals.Opening()};
  Put(request.fields, "reason", arguments.reason);
  ShowFreeTexts(globals, request.fields);
  Pool pool;
  TRY(const work::Recovered done, work::Recover(request, PassphrasesOf(globals), pool));
  Report(arguments, globals, request, done);
  return ExitCode::kOk;
}

}  // namespace

void RegisterRecover(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand(
      "recover", "let the readers name a new custodian, where the custodians' keys are lost or in other hands");
  command.AddOption("--name", arguments->name, "what people call the new custodian").Required();
  command.AddOption("--organisation", arguments->organisation, "whom the new custodian works for");
  command.AddOption("--contact", arguments->contact, "how to reach the new custodian");
  AddReasonTo(command, arguments->reason);
  command
      .AddOption("--new-key", arguments->key_out,
                 "where to write the new signing key (default: your key of this vault)")
      .TypeName("FILE");
  command.AddFlag("--no-passphrase", arguments->no_passphrase, "keep the new key in a file that only you can read");
  command.AddFlag("--end-recovery-key", arguments->end_recovery,
                  "this was the last time: no new recovery key takes the place of the one that is used");
  command.AddOption("--confirm", arguments->confirm, "the vault's origin, where no terminal can ask for it")
      .TypeName("ORIGIN");
  arguments->reader.AddTo(command);
  command.AddSeconds("--wait", arguments->patience, std::chrono::days(1),
                     "seconds to wait for another writer (without a number: a day)");
  command.AddJson(arguments->json);
  command.Footer(
      "keys/recovery.age holds the recovery key, sealed to the readers; a rule of two ends it, unless it says that it\n"
      "stays. The vault's log key is needed too.\n\nExample:\n"
      "  exhibit recover -i reader.txt --name \"Carol Chief\" --reason \"both laptops were seized\" --new-key "
      "carol.key");
  commands.Run(command, arguments, RunRecover);
}

}  // namespace exhibit::cli
