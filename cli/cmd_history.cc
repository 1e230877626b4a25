// exhibit history: one item's life, from the log.
#include <map>
#include <memory>
#include <optional>

#include "cli/command.h"
#include "cli/notes.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/act_index.h"
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

struct Act {
  custody::SignedEntry entry;
  std::string what;
};

// The item's own entry and all that name it, in the order of the log.
Result<std::vector<Act>> ReadHistory(const VaultReader& vault, tlog::Sequence item) {
  std::vector<Act> acts;
  const auto take = [&](tlog::Sequence at) -> Result<void> {
    TRY(custody::SignedEntry entry, vault.Entry(at));
    std::string what = tell::Describe(entry.parsed());
    acts.push_back({std::move(entry), std::move(what)});
    return {};
  };
  TRY_VOID(take(item));
  if (custody::SealedFileOf(acts.front().entry.parsed().body) == nullptr) {
    return Fail(ErrorCode::kInvalid, Format("entry {} is no item: it has no sealed file", item));
  }
  TRY(const std::vector<custody::ActRow> rows, vault.ReadActs({item.value, item.value}));
  for (const custody::ActRow& row : rows) {
    if (row.sequence.value < vault.head().size.value) TRY_VOID(take(row.sequence));
  }
  return acts;
}

Result<void> PutNotes(const VaultReader& vault, tlog::Sequence item, seal::Identities reader, std::vector<Act>& acts) {
  TRY(const std::vector<ItemNote> notes, ReadNotes(vault, item, reader));
  for (const ItemNote& note : notes) {
    for (Act& act : acts) {
      if (act.entry.parsed().sequence == note.entry.parsed().sequence) act.what += ": " + Printable(note.text);
    }
  }
  return {};
}

std::string NameOf(const custody::State& state, const std::string& actor) {
  const custody::Custodian* const custodian = state.FindCustodian(actor);
  return custodian == nullptr ? actor : custodian->name;
}

Json JsonOf(const Act& act, const custody::State& state) {
  const custody::Entry& entry = act.entry.parsed();
  Json json = {{"entry", entry.sequence.value},
               {"type", std::string(custody::ToText(custody::TypeOf(entry.body)))},
               {"time", FormatTime(entry.time)},
               {"actor", entry.actor},
               {"name", NameOf(state, entry.actor)}};
  if (entry.cosigner) json["cosigner"] = *entry.cosigner;
  json["what"] = act.what;
  json["leaf_hash"] = ToHex(act.entry.leaf().view());
  return json;
}

// The item's acts as CASE/UCO, and the entries that say who people are; in the order of the log.
Result<void> PrintGraph(const VaultReader& vault, const custody::State& state, const std::vector<Act>& acts,
                        const VaultKeys* reader) {
  using Told = tell::CaseGraph::Told;
  std::map<tlog::Sequence, custody::SignedEntry> entries;
  entries.emplace(vault.genesis().parsed().sequence, vault.genesis());
  TRY(const std::vector<custody::ActRow> rows, vault.ReadActs({custody::kStateSubject, custody::kStateSubject}));
  for (const custody::ActRow& row : rows) {
    if (row.type != custody::ToText(custody::EntryType::kCustodian) || row.sequence.value >= vault.head().size.value)
      continue;
    TRY(custody::SignedEntry entry, vault.Entry(row.sequence));
    entries.emplace(row.sequence, std::move(entry));
  }
  for (const Act& act : acts) entries.emplace(act.entry.parsed().sequence, act.entry);
  const tlog::Sequence item = acts.front().entry.parsed().sequence;
  std::optional<seal::Metadata> metadata;
  if (reader != nullptr && !state.facts().shredded.contains(item.value)) {
    TRY(metadata, vault.ReadMetadata(acts.front().entry, *reader));
  }
  std::string text;
  tell::CaseGraph graph({ToHex(vault.fingerprint().view()), std::string(vault.head().origin.text())},
                        [&text](std::string_view piece) -> Result<void> {
                          text += piece;
                          return {};
                        });
  TRY_VOID(graph.Begin());
  for (const auto& [at, entry] : entries) {
    const bool is_item = at == item;
    TRY_VOID(
        graph.Add({entry, is_item ? Told::As::kItem : Told::As::kAct, is_item && metadata ? &*metadata : nullptr}));
  }
  TRY_VOID(graph.Finish());
  Print(text);
  return {};
}

Result<ExitCode> History(const Arguments& arguments, const Globals& globals) {
  TRY(const auto positions, ParsePositions({arguments.position}));
  if (positions.size() != 1) return Fail(ErrorCode::kInvalid, "history takes one item");
  const tlog::Sequence item = positions.front();
  TRY(const auto vault, OpenVault(globals));
  TRY(std::vector<Act> acts, ReadHistory(*vault, item));
  TRY(const custody::State state, vault->State());
  TRY(const auto reader, FindVaultKeys(globals, arguments.reader, Ask::kNever));
  if (arguments.case_uco) {
    TRY_VOID(PrintGraph(*vault, state, acts, reader ? &*reader : nullptr));
    return ExitCode::kOk;
  }
  if (reader) TRY_VOID(PutNotes(*vault, item, *reader, acts));
  if (arguments.json) {
    Json rows = Json::List();
    for (const Act& act : acts) rows.push_back(JsonOf(act, state));
    PrintJson(rows);
    return ExitCode::kOk;
  }
  Table table({Align::kRight, Align::kLeft, Align::kLeft, Align::kLeft});
  for (const Act& act : acts) {
    const custody::Entry& entry = act.entry.parsed();
    std::string who = Printable(NameOf(state, entry.actor));
    if (entry.cosigner) who += " and " + Printable(NameOf(state, *entry.cosigner));
    table.AddRow({std::to_string(entry.sequence.value), FormatTime(entry.time), who, act.what});
  }
  Print(table.TakeText());
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
      "A reader's key shows the texts of notes. `exhibit verify` checks that each line was signed by a key that\n"
      "might sign it.\n\nExamples:\n  exhibit history 3 -i reader.txt\n"
      "  exhibit history 3 -i reader.txt --case-uco > item-3.jsonld");
  commands.Run(command, arguments, History);
}

}  // namespace exhibit::cli
