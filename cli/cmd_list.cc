// exhibit list: the items of a vault, as much of them as the user can open.
#include <algorithm>
#include <memory>

#include "cli/fields_output.h"
#include "cli/filter.h"
#include "cli/item_acts.h"
#include "cli/people.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/parallel.h"
#include "vault/base/text.h"
#include "vault/custody/retention.h"
#include "vault/seal/layout.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  ReaderOptions reader;
  FilterOptions filter;
  bool due = false;
  std::string as_of;
  std::string rule;
  bool json = false;
};

// Selects items that need not be kept any longer.
struct DueFilter {
  std::optional<Moment> at = {};
  std::optional<custody::RetentionRule> rule = {};  // for items without a date of their own
};

Result<DueFilter> MakeDueFilter(const Arguments& arguments) {
  DueFilter due;
  if (!arguments.due) return due;
  due.at = Now();
  if (!arguments.as_of.empty()) {
    TRY(due.at, ParseTime(arguments.as_of));
  }
  if (!arguments.rule.empty()) {
    TRY(due.rule, custody::FindRetentionRule(arguments.rule));
  }
  return due;
}

struct Row {
  std::optional<custody::SignedEntry> entry;
  std::optional<custody::FieldList> fields;
  custody::ItemFacts facts = {};               // what the fields tell
  std::optional<std::uint64_t> payload_bytes;  // where there is no key to tell more
  bool is_shredded = false;
  std::optional<Error> error;
};

std::optional<Moment> EndOfRetention(const Row& row, const DueFilter& due) {
  if (!row.fields) return std::nullopt;
  if (row.facts.retain_until) return row.facts.retain_until;
  if (!due.rule) return std::nullopt;
  return custody::EndOfRetention(*due.rule, custody::MomentOf(row.entry->parsed().time));
}

bool IsDue(const Row& row, const DueFilter& due) {
  if (!due.at) return true;
  const std::optional<Moment> end = EndOfRetention(row, due);
  return end && *end <= *due.at;
}

// What is told of an entry that is listed; nothing of others.
Result<void> Fill(Row& row, const VaultReader& vault, const custody::State& state,
                  const std::optional<VaultKeys>& keys) {
  const custody::Entry& entry = row.entry->parsed();
  if (!IsListed(entry.body) || row.is_shredded) return {};
  if (!keys) {
    TRY(const Bytes line, vault.ReadLayout(entry.sequence));
    TRY(const seal::PayloadLayout layout, seal::PayloadLayout::Parse(TextOf(line)));
    row.payload_bytes = layout.payload_bytes();
    return {};
  }
  TRY(row.fields, ReadFieldsIf(vault, state, *row.entry, keys));
  if (row.fields) row.facts = custody::ItemFactsIn(*row.fields);
  return {};
}

Row ReadRow(const VaultReader& vault, tlog::Sequence sequence, const custody::State& state,
            const std::optional<VaultKeys>& keys) {
  Row row;
  row.is_shredded = state.facts().shredded->Has(sequence.value);
  auto entry = vault.EntryIfHere(sequence);
  if (!entry) {
    row.error = entry.error();
    return row;
  }
  if (!*entry) return row;
  row.entry = std::move(**entry);
  if (auto filled = Fill(row, vault, state, keys); !filled) row.error = std::move(filled).error();
  return row;
}

bool IsShown(const Row& row, const Filter& filter, const DueFilter& due) {
  if (!row.entry || !IsListed(row.entry->parsed().body)) return false;
  if (!filter.Accepts(custody::MomentOf(row.entry->parsed().time))) return false;
  if (row.fields && !filter.Accepts(row.facts)) return false;
  if (row.is_shredded && (filter.NeedsKey() || due.at)) return false;  // nobody can tell
  return IsDue(row, due);
}

Json JsonOf(const Row& row, const People& people) {
  const custody::Entry& entry = row.entry->parsed();
  Json json = {{"entry", entry.sequence.value},
               {"type", std::string(custody::WordFor(entry.body))},
               {"added", custody::FormatEntryTime(entry.time)},
               {"actor", entry.actor.text()}};
  if (row.fields) json["actor_name"] = people.NameOf(entry.actor);
  if (row.payload_bytes) json["payload_bytes"] = *row.payload_bytes;
  if (row.is_shredded) json["shredded"] = true;
  if (row.fields) json["fields"] = cli::JsonOf(*row.fields);
  return json;
}

std::vector<std::string> CellsOf(const Row& row, const People& people) {
  const custody::Entry& entry = row.entry->parsed();
  const std::string number = Format("{}", entry.sequence);
  // To the minute, in UTC: the whole time is in --json, and in `exhibit show`.
  std::string added = custody::FormatEntryTime(entry.time).substr(0, 16);
  std::ranges::replace(added, 'T', ' ');
  const std::string type(custody::WordFor(entry.body));
  if (row.is_shredded) return {number, "shredded", type, added, people.NameOf(entry.actor)};
  if (!row.fields) {
    return {number, row.payload_bytes ? HumanSize(*row.payload_bytes) + " sealed" : "unknown", type, added,
            people.NameOf(entry.actor)};
  }
  const custody::ItemFacts& facts = row.facts;
  std::string name = Printable(facts.path ? *facts.path : facts.name.value_or(""));
  if (std::holds_alternative<custody::Omission>(entry.body)) name = "(omissions) " + name;
  if (facts.state && !facts.state->whole) name += "  (not whole)";
  return {number, HumanSize(facts.size.value_or(0)), facts.kind ? std::string(custody::ToText(*facts.kind)) : "", added,
          name};
}

Result<ExitCode> List(const Arguments& arguments, const Globals& globals) {
  TRY(const Filter filter, MakeFilter(arguments.filter));
  TRY(const DueFilter due, MakeDueFilter(arguments));
  const bool needs_key = filter.NeedsKey() || due.at;
  TRY(const auto vault, OpenVault(globals));
  TRY(const auto reader, FindVaultKeys(globals, arguments.reader, needs_key ? Ask::kIfNeeded : Ask::kNever));
  TRY(const custody::State state, vault->State());
  TRY(const People people, People::Read(*vault, state, reader));
  Pool pool;
  constexpr std::uint64_t kBatch = 1024;
  JsonListPrinter json_rows;
  Table table({Align::kRight, Align::kRight, Align::kLeft, Align::kLeft, Align::kLeft});
  bool damaged = false;
  std::uint64_t shown = 0;
  const auto read = [&](std::uint64_t at) { return ReadRow(*vault, {at}, state, reader); };
  const auto show = [&](std::uint64_t at, const Row& row) -> Result<void> {
    if (row.error) {
      PrintError(*row.error);
      damaged = true;
    }
    if (!IsShown(row, filter, due)) return {};
    const std::uint64_t holds = state.facts().holds->counts.At(at);
    ++shown;
    if (arguments.json) {
      Json json = JsonOf(row, people);
      if (holds > 0) json["holds"] = holds;
      if (due.at) json["retained_until"] = FormatTime(*EndOfRetention(row, due));
      json_rows.Add(json);
      return {};
    }
    std::vector<std::string> cells = CellsOf(row, people);
    if (due.at) cells.back() += Format("  (kept until {})", FormatTime(*EndOfRetention(row, due)).substr(0, 10));
    if (holds > 0) cells.back() += "  (held)";
    table.AddRow(std::move(cells));
    if (shown % kBatch == 0) Print(table.TakeText());
    return {};
  };
  TRY_VOID(MakeAndTake<Row>(pool, vault->head().size.value, kBatch, read, show));
  if (arguments.json) {
    json_rows.Finish();
  } else {
    Print(table.TakeText());
    if (!reader && shown > 0 && !globals.quiet) {
      Say("names, kinds, sizes and digests are sealed: a reader's key shows them (-i FILE; of a vault under a "
          "passphrase -i -)");
    }
  }
  return damaged ? ExitCode::kVerificationFailed : ExitCode::kOk;
}

}  // namespace

void RegisterList(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("list", "list the items");
  arguments->reader.AddTo(command);
  arguments->filter.AddTo(command);
  const Option due =
      command.AddFlag("--due", arguments->due, "only what need not be kept any longer, unless it is held");
  command.AddOption("--as-of", arguments->as_of, "with --due: at this time (default: now)").TypeName("TIME").Needs(due);
  command.AddOption("--rule", arguments->rule, "with --due: for what has no date of its own, hipaa (six years)")
      .TypeName("RULE")
      .Needs(due);
  command.AddJson(arguments->json);
  command.Footer(
      "Number, size, kind, when it was added (UTC), and path.\n\n"
      "Examples:\n  exhibit list -i reader.txt --kind ransom-message\n  exhibit list --json --since 2026-11-01\n  "
      "exhibit list --due --rule hipaa -i reader.txt");
  commands.Run(command, arguments, List);
}

}  // namespace exhibit::cli
