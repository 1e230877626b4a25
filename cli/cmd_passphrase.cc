// exhibit passphrase: other passphrases for key files.
#include <memory>

#include "cli/act.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/change_readers.h"
#include "vault/work/passphrases.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  bool none = false;
  std::string reason = "another passphrase";
  SignerOptions signer;
};

// The one that comes, or nothing where none was asked for.
Result<std::optional<crypto::SecretText>> Next(const Arguments& arguments, std::string_view what) {
  if (arguments.none) return std::optional<crypto::SecretText>();
  TRY(crypto::SecretText next, AskNextPassphrase(what));
  return std::optional(std::move(next));
}

void Report(const Arguments& arguments, const Globals& globals, const std::vector<std::string>& files) {
  const std::string_view now = arguments.none ? "without a passphrase" : "under the new passphrase";
  if (arguments.signer.json) {
    PrintJson({{"files", files}, {"passphrase", !arguments.none}});
    return;
  }
  for (const std::string& file : files) Print(Format("{}  {}\n", Printable(file), now));
  if (globals.quiet) return;
  Say("copies of what was there before still open with the old passphrase: in backups, in kits, on sticks");
  if (arguments.none) Say("whoever can read such a file can sign with it");
}

Result<ExitCode> Own(const Arguments& arguments, const Globals& globals) {
  std::filesystem::path file = arguments.signer.key;
  if (file.empty()) {
    TRY(const tlog::Origin origin, OriginOf(globals));
    TRY(file, UserKeyPath(origin));
  }
  const custody::PassphraseProvider old = PassphrasesOf(globals);
  TRY_VOID(custody::LoadKey(file, old));  // the old one is asked for first
  TRY(const auto next, Next(arguments, "signing key " + Printable(file.native())));
  TRY_VOID(work::ProtectSigningKey(file, {old, next ? &*next : nullptr}));
  Report(arguments, globals, {file.native()});
  return ExitCode::kOk;
}

Result<ExitCode> Log(const Arguments& arguments, const Globals& globals) {
  const std::filesystem::path folder = globals.VaultFolder();
  TRY_VOID(CheckWritable(folder));
  const VaultPaths paths(folder);
  const custody::PassphraseProvider old = PassphrasesOf(globals);
  TRY_VOID(custody::LoadKey(paths.log_key, old));
  TRY(const auto next, Next(arguments, "the vault's log key"));
  TRY_VOID(work::ProtectLogKeys({folder, arguments.signer.patience, &Interrupted()}, {old, next ? &*next : nullptr}));
  std::vector<std::string> files = {paths.log_key.native()};
  if (!IsAbsent(paths.label_key)) files.push_back(paths.label_key.native());
  Report(arguments, globals, files);
  return ExitCode::kOk;
}

Result<ExitCode> Reader(const Arguments& arguments, const Globals& globals) {
  TRY_VOID(CheckWritable(globals.VaultFolder()));
  TRY(const KeyFileLook look, LookAtKeyFile(VaultPaths(globals.VaultFolder()).reader_key));
  if (!look.passphrase) {
    return Fail(ErrorCode::kInvalid, "the vault's key is sealed to readers, and has no passphrase",
                "exhibit reader add and exhibit reader remove change who reads");
  }
  TRY_VOID(UnlockKeys(globals, arguments.signer));
  TRY(const auto keys, FindVaultKeys(globals, {}, Ask::kIfNeeded));
  TRY(const auto cosigner, LoadCosigner(globals, arguments.signer));
  TRY(const crypto::SecretText next, AskNextPassphrase("the vault's reader key"));
  store::Fields fields;
  Put(fields, "reason", arguments.reason);
  ShowFreeTexts(globals, fields);
  Pool pool;
  TRY(const auto vault, OpenToAct(globals, arguments.signer, custody::ReaderChange::kForm, pool));
  TRY(const store::Committed committed, work::ChangeReaders(*vault, {.readers = {},
                                                                     .passphrase = &next,
                                                                     .keys = *keys,
                                                                     .fields = std::move(fields),
                                                                     .cosigner = cosigner ? &*cosigner : nullptr}));
  PrintCommitted(globals, arguments.signer, committed, custody::ReaderChange::kForm,
                 "the vault's key is under the new passphrase");
  if (!globals.quiet) {
    Say("copies of keys/reader.age of before still open with the old passphrase, and the key in them opens all that is "
        "sealed to it: `exhibit reseal` moves the vault to a new key");
    Say("a kit of before has the old file: make a new one (exhibit kit --out DIR)");
  }
  return ExitCode::kOk;
}

void AddNone(const Command& command, Arguments& arguments) {
  command.AddFlag("--no-passphrase", arguments.none, "from now on a file that only you can read, without a passphrase");
}

}  // namespace

void RegisterPassphrase(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("passphrase", "change the passphrase of a key");
  command.NeedsCommand();
  const std::string from_where =
      "The old passphrase comes from where every command takes it. The new one is asked for twice at the terminal, or\n"
      "comes from EXHIBIT_NEW_PASSPHRASE_FILE or EXHIBIT_NEW_PASSPHRASE_COMMAND.\n\n";

  const Command own = command.AddCommand("own", "of your signing key");
  own.AddOption("--key", arguments->signer.key, "the signing key's file (default: your key of this vault)")
      .TypeName("FILE")
      .Environment("EXHIBIT_KEY");
  AddNone(own, *arguments);
  own.AddJson(arguments->signer.json);
  own.Footer(from_where +
             "Examples:\n  exhibit passphrase own\n  exhibit passphrase own --key alice.key --no-passphrase");
  commands.Run(own, arguments, Own);

  const Command log = command.AddCommand("log", "of the vault's log key and label key, which machines that add need");
  AddNone(log, *arguments);
  log.AddSeconds("--wait", arguments->signer.patience, std::chrono::days(1),
                 "seconds to wait for another writer (without a number: a day)");
  log.AddJson(arguments->signer.json);
  log.Footer(from_where + "The keys stay the same, so no entry says it.\n\nExample:\n  exhibit passphrase log");
  commands.Run(log, arguments, Log);

  const Command reader =
      command.AddCommand("reader", "of the vault's key and recovery key, where a passphrase opens the evidence");
  reader.AddOption("--reason", arguments->reason, "why; sealed, like every word for people").ShowDefault();
  arguments->signer.AddTo(reader);
  arguments->signer.AddCosignerTo(reader);
  reader.Footer(
      from_where +
      "A signed entry names the new file. The recovery key is made anew, because whoever had the passphrase may\n"
      "have it.\n\nExample:\n  exhibit passphrase reader");
  commands.Run(reader, arguments, Reader);
}

}  // namespace exhibit::cli
