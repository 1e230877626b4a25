// exhibit custodian: who may act in this vault. Keys are admitted, retired and replaced by entries of
// the log; none is ever deleted.
#include <algorithm>
#include <memory>

#include "cli/act.h"
#include "cli/log_keys.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "vault/base/clock.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string key;
  std::string name;
  std::vector<std::string> roles;
  std::string organisation;
  std::string contact;
  std::string reason;
  std::string compromised_since;
  std::string new_key;
  SignerOptions signer;
  bool json = false;
};

std::string RoleWords(const custody::Custodian& custodian) {
  std::string words;
  for (const custody::Role role : custodian.roles) {
    if (!words.empty()) words += ",";
    words += custody::ToText(role);
  }
  return words;
}

Result<ExitCode> Admit(const Arguments& arguments, const Globals& globals) {
  TRY(tlog::VerifierKey key, ReadVerifierKey(arguments.key));
  std::vector<custody::Role> roles;
  for (const std::string& word : arguments.roles) {
    TRY(const custody::Role role, custody::RoleFromText(word));
    roles.push_back(role);
  }
  std::ranges::sort(roles);
  roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
  const std::string name = arguments.name.empty() ? std::string(key.name().text()) : arguments.name;
  custody::Custodian custodian{name, std::move(key), std::move(roles), Given(arguments.organisation),
                               Given(arguments.contact)};
  const std::string done = Format("admitted: {} as {}", custody::ActorOf(custodian.key), RoleWords(custodian));
  return CommitAct(globals, arguments.signer, custody::Admit{std::move(custodian)}, done);
}

Result<ExitCode> Retire(const Arguments& arguments, const Globals& globals) {
  const auto key = tlog::VerifierKey::Parse(arguments.key);
  const std::string actor = key ? custody::ActorOf(*key) : arguments.key;
  TRY(const std::optional<Moment> since, ReadSince(arguments.compromised_since));
  return CommitAct(globals, arguments.signer, custody::Retire{actor, arguments.reason, since}, "retired: " + actor);
}

Result<ExitCode> Rotate(const Arguments& arguments, const Globals& globals) {
  TRY(const tlog::SigningKey key, custody::LoadKey(arguments.new_key, PassphrasesByName));
  SignerOptions signer = arguments.signer;
  signer.cosigner_key = arguments.new_key;
  return CommitAct(globals, signer, custody::Rotate{key.verifier()},
                   "replaced by: " + custody::ActorOf(key.verifier()));
}

std::string StandingOf(const custody::Membership& member) {
  if (!member.until) return Format("admitted in {}", member.since);
  const std::string entry = Format(" in {}", member.until->value);
  return member.replaced_by ? Format("replaced{} by {}", entry, *member.replaced_by) : "retired" + entry;
}

// Since when others had the key, if the entry that retired it says so.
std::optional<Moment> CompromisedSince(const custody::Facts& facts, const custody::Membership& member) {
  const auto found = member.until ? facts.compromises.find(*member.until) : facts.compromises.end();
  return found == facts.compromises.end() ? std::nullopt : std::optional(found->second.since);
}

Json JsonOf(const std::string& actor, const custody::Membership& member) {
  const custody::Custodian& custodian = member.custodian;
  Json roles = Json::List();
  for (const custody::Role role : custodian.roles) roles.push_back(std::string(custody::ToText(role)));
  Json json = {
      {"actor", actor}, {"name", custodian.name}, {"key", custodian.key.ToText()}, {"roles", std::move(roles)}};
  if (custodian.organisation) json["organisation"] = *custodian.organisation;
  if (custodian.contact) json["contact"] = *custodian.contact;
  json["since"] = member.since.value;
  if (member.until) json["until"] = member.until->value;
  if (member.replaced_by) json["replaced_by"] = *member.replaced_by;
  return json;
}

Result<ExitCode> List(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  Json rows = Json::List();
  Table table({Align::kLeft, Align::kLeft, Align::kLeft, Align::kLeft});
  for (const auto& [actor, member] : state.facts().custodians) {
    const std::optional<Moment> compromised = CompromisedSince(state.facts(), member);
    rows.push_back(JsonOf(actor, member));
    if (compromised) rows.back()["compromised_since"] = FormatTime(*compromised);
    table.AddRow(
        {Printable(actor), Printable(member.custodian.name), RoleWords(member.custodian),
         Printable(StandingOf(member)) + (compromised ? ", in other hands since " + FormatTime(*compromised) : "")});
  }
  if (arguments.json) {
    PrintJson(rows);
  } else {
    Print(table.TakeText());
  }
  return ExitCode::kOk;
}

}  // namespace

void RegisterCustodian(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command custodian =
      commands.program.AddCommand("custodian", "who may act in this vault: admit, retire, replace and list keys");
  custodian.NeedsCommand();

  const Command add = custodian.AddCommand("add", "admit a key");
  add.AddOption("VKEY", arguments->key, "what `exhibit keygen --signing` printed, or a file that holds it").Required();
  add.AddOption("--role", arguments->roles, "collector, custodian or witness; repeat for several").Required();
  add.AddOption("--name", arguments->name, "what people call its owner (default: the key's name)");
  add.AddOption("--organisation", arguments->organisation, "whom the owner works for");
  add.AddOption("--contact", arguments->contact, "how to reach the owner");
  arguments->signer.AddTo(add);
  arguments->signer.AddCosignerTo(add);
  add.Footer(
      "Example:\n  exhibit custodian add bob.vkey --role custodian --name \"Bob Analyst\" --organisation \"Acme "
      "IR\"");
  commands.Run(add, arguments, Admit);

  const Command retire = custodian.AddCommand("retire", "take a key's place away, from now on");
  retire.AddOption("KEY", arguments->key, "its name and id, as `exhibit custodian list` shows them").Required();
  retire.AddOption("--reason", arguments->reason, "why").Required();
  AddSinceTo(retire, arguments->compromised_since);
  arguments->signer.AddTo(retire);
  retire.Footer(
      "Its earlier signatures stay valid. If others may have signed with it since some time, say so: then\n"
      "`exhibit verify` tells which of its entries are proven to be older (by witnesses and timestamps that the\n"
      "verifier believes), which are valid only if they are, and which are not.\n\n"
      "Examples:\n  exhibit custodian retire bob+5e6f7a8b --reason \"left the company\"\n"
      "  exhibit custodian retire bob+5e6f7a8b --reason \"laptop stolen\" --compromised-since 2026-11-23T18:00:00Z");
  commands.Run(retire, arguments, Retire);

  const Command rotate = custodian.AddCommand("rotate", "put a new key in the place of your own; both sign");
  rotate.AddOption("--new-key", arguments->new_key, "the new signing key's file").Required().TypeName("FILE");
  arguments->signer.AddTo(rotate);
  rotate.Footer(
      "Example:\n  exhibit keygen --signing alice -o alice-2027.key\n  exhibit custodian rotate --new-key "
      "alice-2027.key");
  commands.Run(rotate, arguments, Rotate);

  const Command list = custodian.AddCommand("list", "show who may act, and who could before");
  list.AddJson(arguments->json);
  commands.Run(list, arguments, List);
}

}  // namespace exhibit::cli
