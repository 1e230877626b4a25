// exhibit history: one item's life, from the log.
#include <map>
#include <memory>

#include "cli/fields_output.h"
#include "cli/item_acts.h"
#include "cli/people.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/tell/case_graph.h"
#include "vault/tell/story.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string position;
  ReaderOptions reader;
  bool json = false;
  bool case_uco = false;
};

Json JsonOf(const ItemAct& act, const People& people, bool is_named) {
  const custody::Entry& entry = act.entry.parsed();
  const custody::FieldList* const fields = act.fields ? &*act.fields : nullptr;
  Json json = {{"entry", entry.sequence.value},
               {"type", std::string(custody::FormOf(entry.body).type)},
               {"word", tell::WordOf(entry, fields)},
               {"time", custody::FormatEntryTime(entry.time)},
               {"actor", entry.actor.text()}};
  if (is_named) json["actor_name"] = people.NameOf(entry.actor);
  if (entry.cosigner) json["cosigner"] = entry.cosigner->text();
  json["what"] = tell::Describe(entry, fields, &people.told());
  if (fields != nullptr) json["fields"] = cli::JsonOf(*fields);
  json["leaf_hash"] = ToHex(act.entry.leaf().view());
  return json;
}

// The item's acts as CASE/UCO, and the entries that say who people are; in the order of the log.
Result<void> PrintGraph(const VaultReader& vault, const custody::State& state, std::vector<ItemAct> acts,
                        const std::optional<VaultKeys>& keys) {
  using Told = tell::CaseGraph::Told;
  const tlog::Sequence item = acts.front().entry.parsed().sequence;
  std::map<tlog::Sequence, ItemAct> entries;
  for (ItemAct& act : acts) entries.emplace(act.entry.parsed().sequence, std::move(act));
  for (const auto& [actor, member] : *state.facts().members) {
    if (entries.contains(member.since)) continue;
    TRY(custody::SignedEntry entry, vault.Entry(member.since));
    TRY(auto fields, ReadFieldsIf(vault, state, entry, keys));
    entries.emplace(member.since, ItemAct{std::move(entry), std::move(fields)});
  }
  std::string text;
  tell::CaseGraph graph({ToHex(vault.fingerprint().view()), std::string(vault.head().origin.text())},
                        [&text](std::string_view piece) -> Result<void> {
                          text += piece;
                          return {};
                        });
  TRY_VOID(graph.Begin());
  for (const auto& [at, act] : entries) {
    TRY_VOID(
        graph.Add({act.entry, at == item ? Told::As::kItem : Told::As::kAct, act.fields ? &*act.fields : nullptr}));
  }
  TRY_VOID(graph.Finish());
  Print(text);
  return {};
}

void PrintTable(const std::vector<ItemAct>& acts, const People& people) {
  Table table({Align::kRight, Align::kLeft, Align::kLeft, Align::kLeft});
  for (const ItemAct& act : acts) {
    const custody::Entry& entry = act.entry.parsed();
    std::string who = people.NameOf(entry.actor);
    if (entry.cosigner) who += " and " + people.NameOf(*entry.cosigner);
    table.AddRow({Format("{}", entry.sequence), custody::FormatEntryTime(entry.time), who,
                  tell::Describe(entry, act.fields ? &*act.fields : nullptr, &people.told())});
  }
  Print(table.TakeText());
}

Result<ExitCode> History(const Arguments& arguments, const Globals& globals) {
  TRY(const auto positions, ParsePositions({arguments.position}));
  if (positions.size() != 1) return Fail(ErrorCode::kInvalid, "history takes one item");
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  TRY(const auto keys, FindVaultKeys(globals, arguments.reader, Ask::kNever));
  TRY(std::vector<ItemAct> acts, ReadItemActs(*vault, state, positions.front(), keys));
  if (arguments.case_uco) {
    TRY_VOID(PrintGraph(*vault, state, std::move(acts), keys));
    return ExitCode::kOk;
  }
  TRY(const People people, People::Read(*vault, state, keys));
  if (arguments.json) {
    Json rows = Json::List();
    for (const ItemAct& act : acts) rows.push_back(JsonOf(act, people, keys.has_value()));
    PrintJson(rows);
    return ExitCode::kOk;
  }
  PrintTable(acts, people);
  if (!keys && !globals.quiet) {
    Say("who read, exported, noted or handed over what is sealed, and why: a reader's key shows it (-i FILE; of a "
        "vault under a passphrase -i -)");
  }
  return ExitCode::kOk;
}

}  // namespace

void RegisterHistory(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("history", "one item's life: who did what with it, and why");
  command.AddOption("N", arguments->position, "the item's number").Required();
  arguments->reader.AddTo(command);
  const Option json = command.AddJson(arguments->json);
  command.AddFlag("--case-uco", arguments->case_uco, "print CASE/UCO JSON-LD, which case-management programs read")
      .Excludes(json);
  command.Footer(
      "Without a reader's key only what is public is shown: holds, releases, shreddings, reseals. `exhibit verify`\n"
      "checks that each line was signed by a key that might sign it.\n\nExamples:\n  exhibit history 3 -i reader.txt\n"
      "  exhibit history 3 -i reader.txt --case-uco > item-3.jsonld");
  commands.Run(command, arguments, History);
}

}  // namespace exhibit::cli
