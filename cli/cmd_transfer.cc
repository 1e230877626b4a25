// exhibit transfer: items change hands. Each side signs what it found, the releaser first; the statement travels as a file,
// and enters the log with both signatures (exhibit receive), or with one and its end.
#include <memory>

#include "cli/act.h"
#include "cli/filter.h"
#include "cli/handed_items.h"
#include "cli/people.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/custody/field_forms.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> positions;
  std::string to;
  std::string purpose;
  std::string authority;
  std::string condition;
  std::string location;
  std::string transport;
  std::string out;
  std::string abandon;
  ReaderOptions reader;
  SignerOptions signer;
};

// An admitted custodian: by key, by "name+id", by the end of those, by the person's number, or by a name.
Result<custody::Actor> FindReceiver(const custody::State& state, const People& people, const std::string& to) {
  if (const auto key = tlog::VerifierKey::Parse(to)) return custody::ActorOf(*key);
  std::vector<custody::Actor> found;
  for (const auto& [actor, member] : *state.facts().members) {
    const bool may_receive = !member.until && member.roles.Has(custody::Role::kCustodian);
    if (may_receive && people.IsCalled(actor, member.person, state.origin(), to)) found.push_back(actor);
  }
  if (found.size() == 1) return found.front();
  return Fail(ErrorCode::kNotFound,
              found.empty() ? Format("no custodian is admitted here as \"{}\"", Printable(to))
                            : Format("{} keys are admitted as \"{}\"", found.size(), Printable(to)),
              "exhibit custodian list shows keys and persons, and names with -i FILE");
}

store::Fields FieldsOf(const Arguments& arguments, store::Fields items, const tlog::RootHash& leaves) {
  store::Fields fields = std::move(items);
  Put(fields, "leaves", ToHex(leaves.view()));
  Put(fields, "purpose", arguments.purpose);
  Put(fields, "authority", arguments.authority);
  Put(fields, "condition", arguments.condition);
  Put(fields, "location", arguments.location);
  Put(fields, "transport", arguments.transport);
  return fields;
}

// What the releaser signs, after the items were read again.
Result<TransferFile> SignRelease(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const std::vector<tlog::Sequence> items, ItemsAt(arguments.positions, *vault, globals));
  TRY(store::Fields item_fields, custody::ItemFields(items));
  TRY(const custody::State state, vault->State());
  TRY(const auto keys, FindVaultKeys(globals, arguments.reader, Ask::kNever));
  TRY(const People people, People::Read(*vault, state, keys));
  TRY(const tlog::SigningKey key, LoadCustodianKey(arguments.signer.key, state.origin(), PassphrasesOf(globals)));
  const custody::Actor actor = custody::ActorOf(key.verifier());
  TRY_VOID(state.MayAct(actor, custody::Transfer::kForm));
  TRY(const custody::Actor receiver, FindReceiver(state, people, arguments.to));
  TRY_VOID(state.MayAct(receiver, custody::Transfer::kForm));
  TRY(const custody::ItemSet set, custody::ItemSet::Of(items));
  TRY(const tlog::RootHash leaves, LeavesOf(*vault, set.Items()));
  TRY_VOID(RehashItems(*vault, items));
  store::Fields words = FieldsOf(arguments, std::move(item_fields), leaves);
  TRY_VOID(custody::CheckFreeTexts(words));
  TRY(custody::FieldList fields, custody::FieldList::Make(std::move(words)));
  TRY(auto note,
      custody::SignedTransfer::Sign(
          {state.origin(), state.fingerprint(), actor, receiver, custody::EntryTimeOf(Now()), fields.digest()}, key));
  return TransferFile{std::move(fields), std::move(note)};
}

Result<ExitCode> Release(const Arguments& arguments, const Globals& globals) {
  TRY(const TransferFile statement, SignRelease(arguments, globals));
  TRY_VOID(statement.WriteTo(arguments.out));
  const custody::TransferStatement& said = statement.note.said();
  TRY(const custody::ItemSet items, ParseItems(arguments.positions, globals));
  if (arguments.signer.json) {
    PrintJson({{"statement", arguments.out},
               {"items", items.ToText()},
               {"released_by", said.released_by.text()},
               {"received_by", said.received_by.text()}});
    return ExitCode::kOk;
  }
  Print(Format("statement    {}\nitems        {}\nreleased by  {}\nreceived by  {}\n", Printable(arguments.out),
               items.ToText(), Printable(said.released_by.text()), Printable(said.received_by.text())));
  if (!globals.quiet) {
    Say(Format("nothing is in the log yet: the receiver signs with `exhibit receive {}`", Printable(arguments.out)));
    Say("the file says in clear what is handed over and why: carry it as you would the items");
  }
  return ExitCode::kOk;
}

Result<ExitCode> Abandon(const Arguments& arguments, const Globals& globals) {
  TRY(TransferFile statement, ReadStatement<custody::TransferStatement>(arguments.abandon));
  store::Appender::Act act{custody::Transfer{custody::TransferOutcome::kAbandoned, std::move(statement.note)}};
  act.lines = std::move(statement.fields);
  return CommitAct(globals, arguments.signer, std::move(act), "abandoned: the hand-over of " + arguments.abandon);
}

Result<ExitCode> RunTransfer(const Arguments& arguments, const Globals& globals) {
  if (!arguments.abandon.empty()) return Abandon(arguments, globals);
  if (arguments.positions.empty() || arguments.to.empty() || arguments.purpose.empty() || arguments.out.empty()) {
    return Fail(ErrorCode::kInvalid, "a transfer needs items, --to, --purpose and --out",
                "or --abandon FILE, for one that did not take place");
  }
  return Release(arguments, globals);
}

}  // namespace

void RegisterTransfer(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("transfer", "sign that items are handed over; the receiver signs next");
  command.AddOption("N", arguments->positions, "the items' numbers; 3-9 for a range");
  command.AddOption("--to", arguments->to,
                    "the custodian who receives: key, name+id, handle, person's number; or a name, with -i");
  command.AddOption("--purpose", arguments->purpose, "what for");
  command.AddOption("--authority", arguments->authority, "who demands it");
  command.AddOption("--condition", arguments->condition, "in what state the items are");
  command.AddOption("--location", arguments->location, "where they are handed over");
  command.AddOption("--transport", arguments->transport, "how they travel");
  command.AddOption("-o,--out", arguments->out, "the statement to write, for the receiver").TypeName("FILE");
  command.AddOption("--abandon", arguments->abandon, "record that this statement's hand-over did not take place")
      .TypeName("FILE");
  arguments->reader.AddTo(command);
  arguments->signer.AddTo(command);
  arguments->signer.AddCasesTo(command);
  command.Footer(
      "The items are read and hashed again before the statement is signed. The log shows that two handles handed\n"
      "something over, and nothing of what and why.\n\nExamples:\n"
      "  exhibit transfer 3-7 --to k2 --purpose analysis --transport \"encrypted disk\" --out bob.transfer\n"
      "  exhibit transfer 3-7 --to \"Bob Analyst\" -i reader.txt --purpose analysis --out bob.transfer\n"
      "  exhibit transfer --abandon bob.transfer");
  commands.Run(command, arguments, RunTransfer);
}

}  // namespace exhibit::cli
