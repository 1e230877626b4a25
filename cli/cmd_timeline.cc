// exhibit timeline: the whole case, by the time of its evidence and by what was done with it.
#include <algorithm>
#include <array>
#include <memory>

#include "cli/case_dates.h"
#include "cli/item_acts.h"
#include "cli/people.h"
#include "cli/terminal.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/parallel.h"
#include "vault/base/text.h"
#include "vault/custody/item_facts.h"
#include "vault/tell/story.h"
#include "vault/tell/timeline.h"
#include "vault/tell/timesketch.h"

namespace exhibit::cli {
namespace {

using tell::Lane;
using tell::TimelineUnit;

constexpr std::size_t kMostRows = 40;

struct Arguments {
  std::string case_number;
  std::string by;
  std::string svg;
  bool timesketch = false;
  ReaderOptions reader;
  bool json = false;
};

Result<std::optional<tell::TimelineUnit>> ParseUnit(const std::string& word) {
  if (word.empty()) return std::optional<tell::TimelineUnit>();
  constexpr std::array<std::pair<tell::TimelineUnit, std::string_view>, 5> kUnits = {
      {{tell::TimelineUnit::kMinute, "minute"},
       {tell::TimelineUnit::kHour, "hour"},
       {tell::TimelineUnit::kDay, "day"},
       {tell::TimelineUnit::kMonth, "month"},
       {tell::TimelineUnit::kYear, "year"}}};
  for (const auto& [unit, known] : kUnits) {
    if (known == word) return std::optional(unit);
  }
  return Fail(ErrorCode::kInvalid, Format("--by {} is no unit of time", Printable(word)),
              "minute, hour, day, month or year");
}

// When the content of an item was last changed or, if that is unknown, acquired; by a right clock.
std::optional<Moment> TimeOf(const custody::ItemFacts& facts) {
  if (!facts.times.modified) return facts.acquired.at;
  return Moment{facts.times.modified->ToMoment().milliseconds + facts.acquired.offset_ms.value_or(0)};
}

struct Row {
  std::optional<custody::SignedEntry> entry;
  std::optional<custody::FieldList> fields;
};

// Everything that the timeline shows. Sealed things are there only with a reader's key.
class Gathering {
 public:
  Gathering(const VaultReader& vault, const Arguments& arguments, const std::optional<VaultKeys>& keys)
      : vault_(vault), case_number_(arguments.case_number), keys_(keys) {}

  // Prints each event for Timesketch as it is found, beside gathering it.
  void PrintEvents() { prints_events_ = true; }

  Result<tell::Timeline> Run() {
    TRY(const custody::State state, vault_.State());
    if (keys_) TRY_VOID(AddCases(state));
    TRY(people_, People::Read(vault_, state, keys_));
    Pool pool;
    constexpr std::uint64_t kBatch = 1024;
    TRY_VOID(MakeAndTake<Result<Row>>(
        pool, vault_.head().size.value, kBatch, [&](std::uint64_t at) { return Read(state, {at}); },
        [this](std::uint64_t, Result<Row> row) -> Result<void> {
          if (!row) return Fail(std::move(row).error());
          if (row->entry) Add(*row);
          return {};
        }));
    return std::move(timeline_);
  }

 private:
  Result<void> AddCases(const custody::State& state) {
    TRY(const auto cases, ReadCases(vault_, state, keys_));
    for (const auto& [number, facts] : cases) {
      if (!case_number_.empty() && number != case_number_) continue;
      if (prints_events_) Print(tell::TimesketchEvents(number, facts));
      const std::string of = cases.size() > 1 && !number.empty() ? Printable(number) + ": " : "";
      for (const auto& [date, time] : facts.dates)
        Put(tell::Lane::kCase, time, "date", of + std::string(custody::ToText(date)));
      for (const custody::CaseEvent& event : facts.events)
        Put(tell::Lane::kCase, event.time, "event", of + Printable(event.what));
      if (const auto due = facts.NoticeDue()) {
        const std::uint64_t days = facts.notice_days.value_or(custody::kHipaaNoticeDays);
        Put(tell::Lane::kCase, *due, "date", Format("{}notice is due, {} days after the discovery", of, days));
      }
    }
    return {};
  }

  Result<Row> Read(const custody::State& state, tlog::Sequence at) const {
    TRY(auto entry, vault_.EntryIfHere(at));
    if (!entry) return Row();
    TRY(auto fields, ReadFieldsIf(vault_, state, *entry, keys_));
    return Row{std::move(*entry), std::move(fields)};
  }

  void Add(const Row& row) {
    const custody::Entry& entry = row.entry->parsed();
    const custody::FieldList* const fields = row.fields ? &*row.fields : nullptr;
    const std::string number = Format("{}", entry.sequence);
    if (fields != nullptr && std::holds_alternative<custody::Item>(entry.body)) {
      const custody::ItemFacts facts = custody::ItemFactsIn(*fields);
      if (!case_number_.empty() && std::ranges::find(facts.cases, case_number_) == facts.cases.end()) return;
      if (const auto time = TimeOf(facts)) {
        Put(tell::Lane::kEvidence, *time, std::string(custody::ToText(facts.kind.value_or(custody::Kind::kOther))),
            number + " " + Printable(facts.name.value_or("")));
      }
    }
    if (prints_events_) Print(tell::TimesketchEvents(*row.entry, fields, people_->told()));
    Put(tell::Lane::kCustody, custody::MomentOf(entry.time), tell::WordOf(entry, fields),
        number + " " + tell::Describe(entry, fields, &people_->told()));
  }

  static void Print(const std::vector<Json>& events) {
    std::string lines;
    for (const Json& event : events) lines += HarmlessJson(event.Dump()) + "\n";
    cli::Print(lines);
  }

  void Put(tell::Lane lane, Moment time, const std::string& word, std::string what) {
    timeline_.Add(lane, time, word, std::move(what));
  }

  const VaultReader& vault_;
  const std::string& case_number_;
  const std::optional<VaultKeys>& keys_;
  std::optional<People> people_;
  tell::Timeline timeline_;
  bool prints_events_ = false;
};

Json JsonOf(const tell::TimelineRow& row, tell::TimelineUnit unit) {
  Json json = {{"time", row.lane == tell::Lane::kCase ? FormatTime(row.first) : tell::FormatTime(row.first, unit)},
               {"lane", std::string(tell::ToText(row.lane))},
               {"count", row.count}};
  json["told"] = row.told;
  return json;
}

Result<ExitCode> ShowTimeline(const Arguments& arguments, const Globals& globals) {
  TRY(const std::optional<tell::TimelineUnit> asked, ParseUnit(arguments.by));
  TRY(const auto vault, OpenVault(globals));
  const Ask ask = arguments.case_number.empty() ? Ask::kNever : Ask::kIfNeeded;
  TRY(const auto reader, FindVaultKeys(globals, arguments.reader, ask));
  Gathering gathering(*vault, arguments, reader);
  if (arguments.timesketch) gathering.PrintEvents();
  TRY(const tell::Timeline timeline, gathering.Run());
  if (arguments.timesketch) return ExitCode::kOk;
  if (!arguments.svg.empty()) {
    const std::string origin(vault->head().origin.text());
    const std::string svg = tell::DrawTimelineSvg(timeline, "Timeline of " + Printable(origin));
    if (arguments.svg == "-") {
      Print(svg);
      return ExitCode::kOk;
    }
    TRY_VOID(WriteNewFile(arguments.svg, ViewOf(svg), 0600));
  }
  const tell::TimelineUnit unit = asked.value_or(timeline.FinestUnit(kMostRows));
  const std::vector<tell::TimelineRow> rows = timeline.Rows(unit);
  if (arguments.json) {
    JsonListPrinter list;
    for (const tell::TimelineRow& row : rows) list.Add(JsonOf(row, unit));
    list.Finish();
    return ExitCode::kOk;
  }
  Print(tell::DrawTimeline(timeline, TerminalWidth()) + "\n");
  Table table({Align::kLeft, Align::kLeft, Align::kLeft});
  for (const tell::TimelineRow& row : rows) {
    const std::string word(tell::ToText(row.lane));
    const tell::TimelineUnit shown = row.lane == tell::Lane::kCase ? tell::TimelineUnit::kMinute : unit;
    table.AddRow({tell::FormatTime(row.first, shown), word, row.Text()});
  }
  Print(table.TakeText());
  if (!reader && !globals.quiet)
    Say("the times of evidence and of the case are sealed, and what was done why: a reader's key shows them (-i FILE)");
  return ExitCode::kOk;
}

}  // namespace

void RegisterTimeline(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("timeline", "the whole case, by the time of its evidence and of its custody");
  command.AddOption("--case", arguments->case_number, "only the dates and items of this case");
  command.AddOption("--by", arguments->by, "minute, hour, day, month or year (default: the finest with few rows)")
      .TypeName("UNIT");
  command.AddOption("--svg", arguments->svg, "write it as a picture too; - prints that alone").TypeName("FILE");
  command.AddFlag("--timesketch", arguments->timesketch, "print each event as a line of JSON, for Timesketch");
  arguments->reader.AddTo(command);
  command.AddJson(arguments->json);
  command.Footer(
      "Evidence is at the time of its last change, corrected by the source's clock offset, or else of its\n"
      "acquisition. All times are claims: order in the log is the position.\n\nExamples:\n"
      "  exhibit timeline -i reader.txt\n  exhibit timeline -i reader.txt --svg case.svg\n  exhibit timeline -i "
      "reader.txt --timesketch > case.jsonl");
  commands.Run(command, arguments, ShowTimeline);
}

}  // namespace exhibit::cli
