// exhibit custodian: who may act in this vault. Keys are admitted, retired and replaced by entries of the log; none is ever
// deleted. The log shows handles and numbers of persons; whose they are is sealed.
#include <memory>

#include "cli/act.h"
#include "cli/log_keys.h"
#include "cli/passphrase.h"
#include "cli/people.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string key;
  std::vector<std::string> roles;
  std::uint64_t person = 0;
  std::string name;
  std::string organisation;
  std::string contact;
  std::string reason;
  std::string compromised_since;
  std::string new_key;
  ReaderOptions reader;
  SignerOptions signer;
  bool json = false;
};

std::string RoleWords(const custody::Roles& roles) {
  std::string words;
  for (const custody::Role role : roles.List()) {
    if (!words.empty()) words += ",";
    words += custody::ToText(role);
  }
  return words;
}

Result<custody::Roles> ParseRoles(const std::vector<std::string>& words) {
  custody::Roles roles;
  for (const std::string& word : words) {
    const auto role = custody::FromWord<custody::Role>(word);
    if (!role) {
      return Fail(ErrorCode::kInvalid, Format("\"{}\" is no role", Printable(word)),
                  custody::ChoiceOf<custody::Role>());
    }
    roles.Insert(*role);
  }
  return roles;
}

// --- admit, retire, replace ---

Result<custody::Person> PersonToAdmit(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  if (arguments.person > 0) return custody::Person{arguments.person};
  return custody::Person{state.facts().highest.number + 1};
}

Result<ExitCode> Admit(const Arguments& arguments, const Globals& globals) {
  TRY(tlog::VerifierKey key, ReadVerifierKey(arguments.key));
  TRY(const custody::Roles roles, ParseRoles(arguments.roles));
  if (arguments.name.empty() && arguments.person == 0) {
    return Fail(ErrorCode::kInvalid, "whose key is it? nobody can tell later who a number was",
                "--name \"Bob Analyst\"; or, for another key of a person who is known, --person N");
  }
  TRY(const custody::Person person, PersonToAdmit(arguments, globals));
  store::Fields fields = {
      {std::string(custody::kCustodianField),
       custody::FieldOf(custody::PersonFacts{person, Given(arguments.name), Given(arguments.organisation),
                                             Given(arguments.contact)})}};
  Put(fields, "reason", arguments.reason);
  const std::string done =
      Format("admitted: {} as {}, {}", custody::ActorOf(key).text(), RoleWords(roles), custody::NameOf(person));
  return CommitAct(globals, arguments.signer, {custody::Admit{{person, std::move(key), roles}}, std::move(fields)},
                   done);
}

// By its name and id, the end of those ("k2+1a2b3c4d"), the key itself, or the file that holds it.
Result<custody::Actor> ActorFrom(const std::string& word, const Globals& globals) {
  if (const auto key = ReadVerifierKey(word)) return custody::ActorOf(*key);
  TRY(const tlog::Origin origin, OriginOf(globals));
  const bool is_short = word.find('/') == std::string::npos;
  auto actor = custody::Actor::Parse(is_short ? Format("{}/{}", origin.text(), word) : word);
  if (actor) return actor;
  return Fail(ErrorCode::kInvalid, Format("\"{}\" names no key", Printable(word)),
              "exhibit custodian list shows the name and id of each: k2+1a2b3c4d");
}

Result<ExitCode> Retire(const Arguments& arguments, const Globals& globals) {
  TRY(custody::Actor actor, ActorFrom(arguments.key, globals));
  TRY(const std::optional<custody::EntryTime> since, ReadSince(arguments.compromised_since));
  store::Fields fields;
  Put(fields, "reason", arguments.reason);
  const std::string done = "retired: " + actor.text();
  return CommitAct(globals, arguments.signer, {custody::Retire{std::move(actor), since}, std::move(fields)}, done);
}

Result<ExitCode> Rotate(const Arguments& arguments, const Globals& globals) {
  TRY(const tlog::SigningKey key, custody::LoadKey(arguments.new_key, PassphrasesByName));
  SignerOptions signer = arguments.signer;
  signer.cosigner_key = arguments.new_key;
  store::Fields fields;
  Put(fields, "reason", arguments.reason);
  return CommitAct(globals, signer, {custody::Rotate{key.verifier()}, std::move(fields)},
                   "replaced by: " + custody::ActorOf(key.verifier()).text());
}

// --- list ---

std::string StandingOf(const custody::Membership& member) {
  if (!member.until) return Format("admitted in {}", member.since);
  const std::string entry = Format(" in {}", member.until->value);
  return member.replaced_by ? Format("replaced{} by {}", entry, member.replaced_by->text()) : "retired" + entry;
}

// Since when others had the key, if the entry that retired it says so.
std::optional<custody::EntryTime> CompromisedSince(const custody::Facts& facts, const custody::Membership& member) {
  const auto found = member.until ? facts.compromises.find(*member.until) : facts.compromises.end();
  return found == facts.compromises.end() ? std::nullopt : std::optional(found->second.since);
}

Json JsonOf(const custody::Actor& actor, const custody::Membership& member, const custody::Facts& facts,
            const People& people) {
  Json roles = Json::List();
  for (const custody::Role role : member.roles.List()) roles.push_back(std::string(custody::ToText(role)));
  Json json = {{"actor", actor.text()},
               {"person", member.person.number},
               {"key", member.key.ToText()},
               {"roles", std::move(roles)}};
  if (const custody::PersonFacts* const told = people.Find(member.person)) {
    json["name"] = *told->name;
    if (told->organisation) json["organisation"] = *told->organisation;
    if (told->contact) json["contact"] = *told->contact;
  }
  json["since"] = member.since.value;
  if (member.until) json["until"] = member.until->value;
  if (member.replaced_by) json["replaced_by"] = member.replaced_by->text();
  if (const auto since = CompromisedSince(facts, member)) json["compromised_since"] = custody::FormatEntryTime(*since);
  if (!member.until && facts.Stopped().contains(member.person)) json["stopped"] = true;
  return json;
}

std::vector<std::string> CellsOf(const custody::Actor& actor, const custody::Membership& member,
                                 const custody::Facts& facts, const People& people) {
  std::string standing = Printable(StandingOf(member));
  if (const auto since = CompromisedSince(facts, member))
    standing += ", in other hands since " + custody::FormatEntryTime(*since);
  if (!member.until && facts.Stopped().contains(member.person)) standing += ", stopped";
  return {Printable(actor.text()), people.NameOf(member.person), RoleWords(member.roles), standing};
}

Result<ExitCode> List(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  TRY(const auto keys, FindVaultKeys(globals, arguments.reader, Ask::kNever));
  TRY(const People people, People::Read(*vault, state, keys));
  const custody::Facts& facts = state.facts();
  Json rows = Json::List();
  Table table({Align::kLeft, Align::kLeft, Align::kLeft, Align::kLeft});
  for (const auto& [actor, member] : *facts.members) {
    rows.push_back(JsonOf(actor, member, facts, people));
    table.AddRow(CellsOf(actor, member, facts, people));
  }
  if (arguments.json) {
    PrintJson(rows);
    return ExitCode::kOk;
  }
  Print(table.TakeText());
  if (const tlog::VerifierKey* const recovery = facts.recovery())
    Print(Format("recovery key  {}\n", custody::ActorOf(*recovery).text()));
  if (globals.quiet) return ExitCode::kOk;
  if (!keys) Say("names are sealed: a reader's key shows them (-i FILE; of a vault under a passphrase -i -)");
  Say("the next handle is " + NextHandle(state));
  return ExitCode::kOk;
}

void RegisterAdd(const Command& custodian, Commands commands, const std::shared_ptr<Arguments>& arguments) {
  const Command add = custodian.AddCommand("add", "admit a key");
  add.AddOption("VKEY", arguments->key, "what `exhibit keygen --signing` printed, or a file that holds it").Required();
  add.AddOption("--role", arguments->roles, "collector, custodian or witness; repeat for several").Required();
  add.AddOption("--person", arguments->person, "another key of this person (default: of somebody new)").Number();
  add.AddOption("--name", arguments->name, "what people call its owner");
  add.AddOption("--organisation", arguments->organisation, "whom the owner works for");
  add.AddOption("--contact", arguments->contact, "how to reach the owner");
  add.AddOption("--reason", arguments->reason, "why");
  arguments->signer.AddTo(add);
  arguments->signer.AddCosignerTo(add);
  add.Footer(
      "The log shows the key and the person's number; name, organisation, contact and reason are sealed.\n\n"
      "Examples:\n  exhibit custodian add bob.vkey --role custodian --name \"Bob Analyst\" --organisation \"Acme IR\"\n"
      "  exhibit custodian add bob-2.vkey --role custodian --person 2");
  commands.Run(add, arguments, Admit);
}

void RegisterRetire(const Command& custodian, Commands commands, const std::shared_ptr<Arguments>& arguments) {
  const Command retire = custodian.AddCommand("retire", "end a key's admission, from now on");
  retire
      .AddOption("KEY", arguments->key,
                 "its name and id, as `exhibit custodian list` shows them, or their end: k2+1a2b3c4d; or what was "
                 "admitted, or its file")
      .Required();
  AddReasonTo(retire, arguments->reason);
  AddSinceTo(retire, arguments->compromised_since);
  arguments->signer.AddTo(retire);
  arguments->signer.AddCosignerTo(retire);
  retire.Footer(
      "Its earlier signatures stay valid. If others may have signed with it since some time, say so: then\n"
      "`exhibit verify` tells which of its entries are proven to be older (by witnesses and timestamps that the\n"
      "verifier believes), which are valid only if they are, and which are not.\n\n"
      "Examples:\n  exhibit custodian retire k2+5e6f7a8b --reason \"left the company\"\n"
      "  exhibit custodian retire k2+5e6f7a8b --reason \"laptop stolen\" --compromised-since 2026-11-23T18:00:00Z");
  commands.Run(retire, arguments, Retire);
}

void RegisterRotate(const Command& custodian, Commands commands, const std::shared_ptr<Arguments>& arguments) {
  const Command rotate = custodian.AddCommand("rotate", "put a new key in the place of your own; both sign");
  rotate.AddOption("--new-key", arguments->new_key, "the new signing key's file; it has the name of the old one")
      .Required()
      .TypeName("FILE");
  AddReasonTo(rotate, arguments->reason);
  arguments->signer.AddTo(rotate);
  rotate.Footer(
      "Handle, person and roles stay.\n\nExample:\n"
      "  exhibit keygen --signing --handle x7.example/q4d2/k1 -o alice-2027.key\n"
      "  exhibit custodian rotate --new-key alice-2027.key --reason \"yearly\"");
  commands.Run(rotate, arguments, Rotate);
}

}  // namespace

void RegisterCustodian(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command custodian =
      commands.program.AddCommand("custodian", "who may act in this vault: admit, retire, replace and list keys");
  custodian.NeedsCommand();
  RegisterAdd(custodian, commands, arguments);
  RegisterRetire(custodian, commands, arguments);
  RegisterRotate(custodian, commands, arguments);

  const Command list = custodian.AddCommand("list", "show who may act, and who could before");
  arguments->reader.AddTo(list);
  list.AddJson(arguments->json);
  list.Footer("Example:\n  exhibit custodian list -i reader.txt");
  commands.Run(list, arguments, List);
}

}  // namespace exhibit::cli
