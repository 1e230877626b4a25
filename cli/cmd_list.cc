// exhibit list: the items of a vault, as much of them as the user can open.
#include <algorithm>
#include <map>
#include <memory>

#include "cli/filter.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/parallel.h"
#include "vault/base/text.h"
#include "vault/custody/retention.h"

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
  std::optional<seal::Metadata> metadata;
  std::optional<tlog::Sequence> shredded_under;
  std::optional<Error> error;
};

std::optional<Moment> EndOfRetention(const Row& row, const DueFilter& due) {
  if (!row.metadata) return std::nullopt;
  if (row.metadata->retain_until) return row.metadata->retain_until;
  if (!due.rule) return std::nullopt;
  return custody::EndOfRetention(*due.rule, row.entry->parsed().time);
}

bool IsDue(const Row& row, const DueFilter& due) {
  if (!due.at) return true;
  const std::optional<Moment> end = EndOfRetention(row, due);
  return end && *end <= *due.at;
}

using Shredded = std::map<std::uint64_t, tlog::Sequence>;

Row ReadRow(const VaultReader& vault, tlog::Sequence sequence, const Shredded& shredded, const VaultKeys* reader) {
  Row row;
  if (const auto found = shredded.find(sequence.value); found != shredded.end()) row.shredded_under = found->second;
  auto entry = vault.Entry(sequence);
  if (!entry) {
    row.error = entry.error();
    return row;
  }
  if (reader != nullptr && !row.shredded_under && custody::SealedFileOf(entry->parsed().body) != nullptr) {
    auto metadata = vault.ReadMetadata(*entry, *reader);
    if (metadata) {
      row.metadata = std::move(*metadata);
    } else {
      row.error = metadata.error();
    }
  }
  row.entry = std::move(*entry);
  return row;
}

bool IsShown(const Row& row, const Filter& filter, const DueFilter& due) {
  if (!row.entry || !IsListed(row.entry->parsed().body) || !filter.Accepts(row.entry->parsed().time)) return false;
  if (row.metadata && !filter.Accepts(*row.metadata)) return false;
  if (row.shredded_under && (filter.NeedsKey() || due.at)) return false;  // nobody can tell
  return IsDue(row, due);
}

Json JsonOf(const Row& row) {
  const custody::Entry& entry = row.entry->parsed();
  Json json = {{"entry", entry.sequence.value},
               {"type", std::string(ToText(custody::TypeOf(entry.body)))},
               {"added", FormatTime(entry.time)},
               {"actor", entry.actor},
               {"payload_bytes", custody::SealedFileOf(entry.body)->payload_bytes}};
  if (row.shredded_under) json["shredded_under"] = row.shredded_under->value;
  if (row.metadata) json["metadata"] = seal::JsonOf(*row.metadata);
  return json;
}

std::vector<std::string> CellsOf(const Row& row) {
  const custody::Entry& entry = row.entry->parsed();
  const std::string number = std::to_string(entry.sequence.value);
  const std::string added = FormatTime(entry.time).substr(0, 19) + "Z";
  if (row.shredded_under) {
    return {number, added, "shredded", std::string(ToText(custody::TypeOf(entry.body))),
            Format("(under entry {})", row.shredded_under->value)};
  }
  if (!row.metadata) {
    return {number, added, HumanSize(custody::SealedFileOf(entry.body)->payload_bytes) + " sealed",
            std::string(ToText(custody::TypeOf(entry.body))), Printable(entry.actor)};
  }
  std::string name = Printable(row.metadata->path.value_or(row.metadata->name));
  if (std::holds_alternative<custody::Omission>(entry.body)) name = "(omissions) " + name;
  return {number, added, HumanSize(row.metadata->size_bytes), std::string(ToText(row.metadata->kind)), name};
}

Result<ExitCode> List(const Arguments& arguments, const Globals& globals) {
  TRY(const Filter filter, MakeFilter(arguments.filter));
  TRY(const DueFilter due, MakeDueFilter(arguments));
  const bool needs_key = filter.NeedsKey() || due.at;
  TRY(const auto vault, OpenVault(globals));
  TRY(const auto reader, FindVaultKeys(globals, arguments.reader, needs_key ? Ask::kIfNeeded : Ask::kNever));
  TRY(const custody::State state, vault->State());
  const Shredded& shredded = state.facts().shredded;
  Pool pool;
  constexpr std::uint64_t kBatch = 1024;
  JsonListPrinter json_rows;
  Table table({Align::kRight, Align::kLeft, Align::kRight, Align::kLeft, Align::kLeft});
  bool damaged = false;
  std::uint64_t shown = 0;
  const auto read = [&](std::uint64_t at) { return ReadRow(*vault, {at}, shredded, reader ? &*reader : nullptr); };
  const auto show = [&](std::uint64_t at, const Row& row) -> Result<void> {
    if (row.error) {
      PrintError(*row.error);
      damaged = true;
    }
    if (!IsShown(row, filter, due)) return {};
    const std::uint64_t holds = state.facts().holds.At(at);
    ++shown;
    if (arguments.json) {
      Json json = JsonOf(row);
      if (holds > 0) json["holds"] = holds;
      if (due.at) json["retained_until"] = FormatTime(*EndOfRetention(row, due));
      json_rows.Add(json);
      return {};
    }
    std::vector<std::string> cells = CellsOf(row);
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
      Say("names, kinds and digests are sealed: a reader's key shows them (-i FILE, or the vault's passphrase)");
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
      "Examples:\n  exhibit list -i reader.txt --kind ransom-message\n  exhibit list --json --since 2026-11-01\n  "
      "exhibit list --due --rule hipaa -i reader.txt");
  commands.Run(command, arguments, List);
}

}  // namespace exhibit::cli
