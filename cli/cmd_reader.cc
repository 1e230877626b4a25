// exhibit reader: who holds an identity that opens the vault's key.
#include <algorithm>
#include <memory>

#include "cli/act.h"
#include "cli/identities.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/change_readers.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> who;
  std::string name;
  bool only = false;
  ReaderOptions reader;
  SignerOptions signer;
  bool json = false;
};

std::string WhoIs(const custody::Reader& reader) {
  return reader.recipient.ToText() + (reader.name ? " (" + Printable(*reader.name) + ")" : "");
}

// The list of readers that follows from the present one.
using Change = std::function<Result<std::vector<custody::Reader>>(std::vector<custody::Reader> present)>;

Result<ExitCode> ChangeReaders(const Arguments& arguments, const Globals& globals, const Change& change,
                               const std::function<std::string(const std::vector<custody::Reader>&)>& done) {
  Pool pool;
  TRY(const auto cosigner, LoadCosigner(globals, arguments.signer));
  TRY(const auto vault, OpenToAct(globals, arguments.signer, custody::Act::kReader, pool));
  TRY(std::vector<custody::Reader> readers, change(vault->state().facts().PresentReaders()));
  TRY(const auto keys, FindVaultKeys(globals, arguments.reader, Ask::kIfNeeded));
  // Before a file is made for the new readers.
  TRY_VOID(custody::CheckFreeText({"name", arguments.name}));
  if (!arguments.name.empty()) ShowFreeTexts(globals, {{"name", arguments.name}});
  const std::string what = done(readers);
  TRY(const store::Committed committed,
      work::ChangeReaders(*vault, std::move(readers), *keys, cosigner ? &*cosigner : nullptr));
  PrintCommitted(globals, arguments.signer, committed, custody::EntryType::kReader, what);
  return ExitCode::kOk;
}

Result<ExitCode> Add(const Arguments& arguments, const Globals& globals) {
  TRY(const std::vector<seal::X25519Recipient> added, LoadReaders(arguments.who));
  if (!arguments.name.empty() && added.size() != 1) {
    return Fail(ErrorCode::kInvalid, Format("--name is for one reader, and these are {}", added.size()),
                "add them one by one");
  }
  const auto change = [&](std::vector<custody::Reader> present) -> Result<std::vector<custody::Reader>> {
    if (present.empty() && !arguments.only) {
      return Fail(ErrorCode::kInvalid,
                  "this vault's log names no readers: its key is under a passphrase, or it is of a time before they "
                  "were listed",
                  "name all readers, yourself too, with --only; after that the passphrase no longer opens it");
    }
    std::vector<custody::Reader> readers = arguments.only ? std::vector<custody::Reader>() : std::move(present);
    for (const seal::X25519Recipient& recipient : added) {
      if (std::ranges::find(readers, recipient, &custody::Reader::recipient) != readers.end()) {
        return Fail(ErrorCode::kExists, recipient.ToText() + " is a reader already", "exhibit reader list shows them");
      }
      readers.push_back({recipient, arguments.name.empty() ? std::nullopt : std::optional(arguments.name)});
    }
    if (readers.size() > custody::kMaxReaders) return Fail(ErrorCode::kInvalid, "more than 64 readers");
    return readers;
  };
  return ChangeReaders(arguments, globals, change, [](const std::vector<custody::Reader>& readers) {
    return Format("may read from now on: {}", Counted(readers.size(), "reader", "readers"));
  });
}

Result<ExitCode> Remove(const Arguments& arguments, const Globals& globals) {
  std::string removed;
  const auto change = [&](std::vector<custody::Reader> present) -> Result<std::vector<custody::Reader>> {
    for (const std::string& word : arguments.who) {
      const auto is_meant = [&](const custody::Reader& one) {
        return one.recipient.ToText() == word || one.name == word;
      };
      const auto count = std::ranges::count_if(present, is_meant);
      if (count != 1) {
        return Fail(ErrorCode::kNotFound,
                    Format("\"{}\" is {}", Printable(word), count == 0 ? "no reader" : "the name of several readers"),
                    "exhibit reader list shows the readers; a recipient (age1...) names exactly one");
      }
      const auto found = std::ranges::find_if(present, is_meant);
      removed += (removed.empty() ? "" : ", ") + WhoIs(*found);
      present.erase(found);
    }
    if (present.empty()) return Fail(ErrorCode::kInvalid, "nobody would be left to read", "add another reader first");
    return present;
  };
  TRY(const ExitCode code, ChangeReaders(arguments, globals, change, [&](const std::vector<custody::Reader>&) {
        return "no longer a reader: " + removed;
      }));
  if (!globals.quiet) {
    Say("whoever kept the vault key, or a copy of keys/reader.age, can still read everything that is sealed to that "
        "key, "
        "what is added later too");
    Say("`exhibit reseal` moves the vault to a new key, which alone opens what is added then");
  }
  return code;
}

Json JsonOf(const custody::Readership& one) {
  Json json = {{"recipient", one.reader.recipient.ToText()}};
  if (one.reader.name) json["name"] = *one.reader.name;
  json["since"] = one.since.value;
  if (one.until) json["until"] = one.until->value;
  return json;
}

Result<ExitCode> List(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  const custody::Facts& facts = state.facts();
  TRY(const KeyFileLook file, LookAtKeyFile(VaultPaths(globals.VaultFolder()).reader_key));
  const bool is_named = !facts.key_file || *facts.key_file == file.digest;
  if (arguments.json) {
    Json rows = Json::List();
    for (const custody::Readership& one : facts.readers) rows.push_back(JsonOf(one));
    PrintJson({{"readers", std::move(rows)},
               {"passphrase", file.passphrase},
               {"recipient", state.recipient().ToText()},
               {"recipient_since", facts.vault_keys.back().since.value},
               {"key_file", is_named ? "as the log names it" : "another than the log names"}});
    return ExitCode::kOk;
  }
  Table table({Align::kLeft, Align::kLeft, Align::kLeft});
  for (const custody::Readership& one : facts.readers) {
    table.AddRow({one.reader.recipient.ToText(), Printable(one.reader.name.value_or("")),
                  (one.since.value == 0 ? "since the vault was made" : Format("since entry {}", one.since)) +
                      (one.until ? Format(", until entry {}", one.until->value) : "")});
  }
  Print(table.TakeText());
  if (file.passphrase) Print("the vault's key is under a passphrase\n");
  if (!file.passphrase && facts.readers.empty()) Print("the log does not say who the readers are\n");
  if (!is_named)
    Say("keys/reader.age is not the file that the log names: it was replaced, or a change waits for the next writer");
  return ExitCode::kOk;
}

}  // namespace

void RegisterReader(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command reader =
      commands.program.AddCommand("reader", "who may read: add, remove and list the readers of the vault's key");
  reader.NeedsCommand();

  const Command add = reader.AddCommand("add", "seal the vault's key to another reader too");
  add.AddOption("RECIPIENT", arguments->who, "an age recipient (age1...) or a file of them").Required();
  add.AddOption("--name", arguments->name, "what people call the reader; the log shows it");
  add.AddFlag("--only", arguments->only,
              "these are all the readers from now on, in the place of those before or of the passphrase");
  arguments->reader.AddTo(add);
  arguments->signer.AddTo(add);
  arguments->signer.AddCosignerTo(add);
  add.Footer(
      "Who reads already opens the vault's key, which is sealed anew; a signed entry says to whom.\n\n"
      "Example:\n  exhibit reader add age1... --name \"Bob Analyst\" -i reader.txt");
  commands.Run(add, arguments, Add);

  const Command remove = reader.AddCommand("remove", "seal the vault's key to the other readers only");
  remove.AddOption("READER", arguments->who, "the reader's recipient or name").Required();
  arguments->reader.AddTo(remove);
  arguments->signer.AddTo(remove);
  arguments->signer.AddCosignerTo(remove);
  remove.Footer(
      "A removed reader may have kept a copy of everything, the vault key too. `exhibit reseal` moves the\n"
      "vault to a new key.\n\nExample:\n  exhibit reader remove \"Bob Analyst\" -i reader.txt");
  commands.Run(remove, arguments, Remove);

  const Command list = reader.AddCommand("list", "show who may read, and who could before");
  list.AddJson(arguments->json);
  commands.Run(list, arguments, List);
}

}  // namespace exhibit::cli
