// exhibit reader: who holds an identity that opens the vault's key.
#include <algorithm>
#include <memory>

#include "cli/act.h"
#include "cli/identities.h"
#include "cli/readers.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/change_readers.h"

namespace exhibit::cli {
namespace {

using Recovery = work::ReadersRequest::Recovery;

struct Arguments {
  std::vector<std::string> who;
  std::string name;
  std::string reason;
  bool only = false;
  bool end = false;
  bool yes = false;
  ReaderOptions reader;
  SignerOptions signer;
  bool json = false;
};

// The list of readers that follows from the present one.
using Change = std::function<Result<std::vector<custody::ReaderFacts>>(std::vector<custody::ReaderFacts> present)>;

Result<std::vector<custody::ReaderFacts>> ReadersAfter(const Arguments& arguments, const Globals& globals,
                                                       const VaultKeys& keys, const Change& change) {
  TRY(const auto vault, OpenVault(globals));
  TRY(std::vector<custody::ReaderFacts> present, work::PresentReaders(*vault, keys));
  TRY(std::vector<custody::ReaderFacts> readers, change(std::move(present)));
  if (!arguments.only) TRY_VOID(ConfirmReaders(globals, *vault, readers, arguments.yes ? Answer::kYes : Answer::kAsk));
  return readers;
}

Result<ExitCode> ChangeReaders(const Arguments& arguments, const Globals& globals, const Change& change,
                               const std::function<std::string(const std::vector<custody::ReaderFacts>&)>& done,
                               Recovery recovery = Recovery::kRenew) {
  Pool pool;
  TRY_VOID(CheckWritable(globals.VaultFolder()));
  TRY_VOID(UnlockKeys(globals, arguments.signer));
  TRY(const auto keys, FindVaultKeys(globals, arguments.reader, Ask::kIfNeeded));
  TRY(std::vector<custody::ReaderFacts> readers, ReadersAfter(arguments, globals, *keys, change));
  TRY(const auto cosigner, LoadCosigner(globals, arguments.signer));
  TRY(const auto vault, OpenToAct(globals, arguments.signer, custody::ReaderChange::kForm, pool));
  // Before a file is made for the new readers.
  TRY_VOID(custody::CheckFreeText({"name", arguments.name}));
  store::Fields fields;
  Put(fields, "reason", arguments.reason);
  ShowFreeTexts(globals, fields);
  const std::string what = done(readers);
  TRY(const store::Committed committed, work::ChangeReaders(*vault, {.readers = std::move(readers),
                                                                     .keys = *keys,
                                                                     .recovery = recovery,
                                                                     .fields = std::move(fields),
                                                                     .cosigner = cosigner ? &*cosigner : nullptr}));
  PrintCommitted(globals, arguments.signer, committed, custody::ReaderChange::kForm, what);
  return ExitCode::kOk;
}

Result<ExitCode> Add(const Arguments& arguments, const Globals& globals) {
  TRY(const std::vector<seal::Recipient> added, LoadReaders(arguments.who));
  if (!arguments.name.empty() && added.size() != 1) {
    return Fail(ErrorCode::kInvalid, Format("--name is for one reader, and these are {}", added.size()),
                "add them one by one");
  }
  const auto change = [&](std::vector<custody::ReaderFacts> present) -> Result<std::vector<custody::ReaderFacts>> {
    if (present.empty() && !arguments.only) {
      return Fail(ErrorCode::kInvalid, "this vault's key is under a passphrase, and has no readers",
                  "name all readers, yourself too, with --only; after that the passphrase no longer opens it");
    }
    std::vector<custody::ReaderFacts> readers =
        arguments.only ? std::vector<custody::ReaderFacts>() : std::move(present);
    for (const seal::Recipient& recipient : added) {
      const std::string text = seal::RecipientText(recipient);
      if (std::ranges::find(readers, text, &custody::ReaderFacts::recipient) != readers.end())
        return Fail(ErrorCode::kExists, text + " is a reader already", "exhibit reader list -i FILE shows them");
      readers.push_back({text, Given(arguments.name)});
    }
    if (readers.size() > custody::kMaxReaders) return Fail(ErrorCode::kInvalid, "more than 64 readers");
    return readers;
  };
  return ChangeReaders(arguments, globals, change, [](const std::vector<custody::ReaderFacts>& readers) {
    return Format("may read from now on: {}", Counted(readers.size(), "reader", "readers"));
  });
}

Result<ExitCode> Remove(const Arguments& arguments, const Globals& globals) {
  std::string removed;
  const auto change = [&](std::vector<custody::ReaderFacts> present) -> Result<std::vector<custody::ReaderFacts>> {
    for (const std::string& word : arguments.who) {
      const auto is_meant = [&](const custody::ReaderFacts& one) { return one.recipient == word || one.name == word; };
      const auto count = std::ranges::count_if(present, is_meant);
      if (count != 1) {
        return Fail(ErrorCode::kNotFound,
                    Format("\"{}\" is {}", Printable(word), count == 0 ? "no reader" : "the name of several readers"),
                    "exhibit reader list -i FILE shows the readers; a recipient (age1...) names exactly one");
      }
      const auto found = std::ranges::find_if(present, is_meant);
      removed += (removed.empty() ? "" : ", ") + WhoIs(*found);
      present.erase(found);
    }
    if (present.empty()) return Fail(ErrorCode::kInvalid, "nobody would be left to read", "add another reader first");
    return present;
  };
  TRY(const ExitCode code, ChangeReaders(arguments, globals, change, [&](const std::vector<custody::ReaderFacts>&) {
        return "no longer a reader: " + removed;
      }));
  if (!globals.quiet) {
    Say("whoever kept the vault key, or a copy of keys/reader.age, can still read everything that is sealed to that "
        "key, what is added later too");
    Say("`exhibit reseal` moves the vault to a new key, which alone opens what is added then");
  }
  return code;
}

Result<ExitCode> List(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  const custody::Facts& facts = state.facts();
  TRY(const KeyFileLook file, LookAtKeyFile(VaultPaths(globals.VaultFolder()).reader_key));
  TRY(const auto keys, FindVaultKeys(globals, arguments.reader, Ask::kNever));
  std::vector<custody::ReaderFacts> readers;
  if (keys) {
    TRY(readers, work::PresentReaders(*vault, *keys));
  }
  const bool is_named = !facts.key_file || *facts.key_file == file.digest;
  if (arguments.json) {
    Json json = {{"passphrase", file.passphrase},
                 {"recipient", state.recipient().text()},
                 {"recipient_since", facts.vault_keys.back().since.value},
                 {"key_file", is_named ? "as the log names it" : "another than the log names"}};
    if (keys) json["readers"] = Json::List();
    for (const custody::ReaderFacts& reader : readers) {
      Json one = {{"recipient", reader.recipient}};
      if (reader.name) one["name"] = *reader.name;
      json["readers"].push_back(std::move(one));
    }
    PrintJson(json);
    return ExitCode::kOk;
  }
  Table table({Align::kLeft, Align::kLeft});
  for (const custody::ReaderFacts& reader : readers)
    table.AddRow({Printable(reader.recipient), Printable(reader.name.value_or(""))});
  Print(table.TakeText());
  if (file.passphrase) Print("the vault's key is under a passphrase\n");
  if (!file.passphrase && !keys) Say("who reads is sealed: a reader's key shows it (-i FILE)");
  if (!is_named)
    Say("keys/reader.age is not the file that the log names: it was replaced, or a change waits for the next writer");
  return ExitCode::kOk;
}

Result<ExitCode> ChangeRecoveryKey(const Arguments& arguments, const Globals& globals) {
  const auto change = [](std::vector<custody::ReaderFacts> present) -> Result<std::vector<custody::ReaderFacts>> {
    if (!present.empty()) return present;
    return Fail(ErrorCode::kInvalid, "this vault's key is under a passphrase, and has no readers",
                "name readers first: exhibit reader add age1... --only");
  };
  const auto done = [&](const std::vector<custody::ReaderFacts>& readers) {
    return arguments.end ? std::string("the vault has no recovery key any more")
                         : "a new recovery key is sealed to " + Counted(readers.size(), "reader", "readers");
  };
  return ChangeReaders(arguments, globals, change, done, arguments.end ? Recovery::kEnd : Recovery::kMake);
}

void AddChangeOptions(const Command& command, Arguments& arguments) {
  command.AddOption("--reason", arguments.reason, "why");
  command.AddFlag(
      "--yes", arguments.yes,
      "the readers that the log names are right: do not ask, where this user sees the vault for the first time");
  arguments.reader.AddTo(command);
  arguments.signer.AddTo(command);
  arguments.signer.AddCosignerTo(command);
}

}  // namespace

void RegisterReader(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command reader =
      commands.program.AddCommand("reader", "who may read: add, remove and list the readers of the vault's key");
  reader.NeedsCommand();

  const Command add = reader.AddCommand("add", "seal the vault's key to another reader too");
  add.AddOption("RECIPIENT", arguments->who, "an age recipient (age1...) or a file of them").Required();
  add.AddOption("--name", arguments->name, "what people call the reader");
  add.AddFlag("--only", arguments->only,
              "these are all the readers from now on, in the place of those before or of the passphrase");
  AddChangeOptions(add, *arguments);
  add.Footer(
      "Who reads already opens the vault's key, which is sealed anew; a signed entry says to whom, sealed. The\n"
      "recovery key is made anew with every change, because whoever read before may have it.\n\n"
      "Example:\n  exhibit reader add age1... --name \"Bob Analyst\" -i reader.txt");
  commands.Run(add, arguments, Add);

  const Command remove = reader.AddCommand("remove", "seal the vault's key to the other readers only");
  remove.AddOption("READER", arguments->who, "the reader's recipient or name").Required();
  AddChangeOptions(remove, *arguments);
  remove.Footer(
      "A removed reader may have kept a copy of everything, the vault key too. `exhibit reseal` moves the\n"
      "vault to a new key.\n\nExample:\n  exhibit reader remove \"Bob Analyst\" -i reader.txt");
  commands.Run(remove, arguments, Remove);

  const Command recovery =
      reader.AddCommand("recovery-key", "make a recovery key, or a new one, sealed to the readers there are");
  recovery.AddFlag("--end", arguments->end, "have none any more");
  AddChangeOptions(recovery, *arguments);
  recovery.Footer(
      "With it the readers name a new custodian if all keys of the others are lost (`exhibit recover`).\n\n"
      "Examples:\n  exhibit reader recovery-key -i reader.txt --reason \"the rule had ended it\"\n"
      "  exhibit reader recovery-key --end -i reader.txt --reason \"two custodians are enough\"");
  commands.Run(recovery, arguments, ChangeRecoveryKey);

  const Command list = reader.AddCommand("list", "show who may read");
  arguments->reader.AddTo(list);
  list.AddJson(arguments->json);
  list.Footer("Example:\n  exhibit reader list -i reader.txt");
  commands.Run(list, arguments, List);
}

}  // namespace exhibit::cli
