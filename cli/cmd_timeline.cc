// exhibit timeline: the whole case, by the time of its evidence and by what was done with it.
#include <array>
#include <map>
#include <memory>

#include "cli/case_dates.h"
#include "cli/terminal.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/parallel.h"
#include "vault/base/text.h"
#include "vault/tell/story.h"
#include "vault/tell/timeline.h"

namespace exhibit::cli {
namespace {

using tell::Lane;
using tell::TimelineUnit;

constexpr std::size_t kMostRows = 40;

struct Arguments {
  std::string case_number;
  std::string by;
  std::string svg;
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
std::optional<Moment> TimeOf(const seal::Metadata& metadata) {
  if (metadata.modified) return Moment{metadata.modified->milliseconds + metadata.clock_offset_ms.value_or(0)};
  return metadata.acquired_at;
}

struct Row {
  std::optional<custody::SignedEntry> entry;
  std::optional<seal::Metadata> metadata;
};

// Everything that the timeline shows. Sealed things are there only with a reader's key.
class Gathering {
 public:
  Gathering(const VaultReader& vault, const Arguments& arguments, const VaultKeys* reader)
      : vault_(vault), case_number_(arguments.case_number), reader_(reader) {}

  Result<tell::Timeline> Run() {
    TRY(const custody::State state, vault_.State());
    if (reader_ != nullptr) TRY_VOID(AddCases(state));
    shredded_ = state.facts().shredded;
    Pool pool;
    constexpr std::uint64_t kBatch = 1024;
    TRY_VOID(MakeAndTake<Result<Row>>(
        pool, vault_.head().size.value, kBatch, [this](std::uint64_t at) { return Read({at}); },
        [this](std::uint64_t, Result<Row> row) -> Result<void> {
          if (!row) return Fail(std::move(row).error());
          Add(*row);
          return {};
        }));
    return std::move(timeline_);
  }

 private:
  Result<void> AddCases(const custody::State& state) {
    TRY(const auto cases, ReadCases(vault_, state, *reader_));
    for (const auto& [number, facts] : cases) {
      if (!case_number_.empty() && number != case_number_) continue;
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

  Result<Row> Read(tlog::Sequence at) const {
    TRY(custody::SignedEntry entry, vault_.Entry(at));
    Row row;
    if (reader_ != nullptr && std::holds_alternative<custody::Item>(entry.parsed().body) &&
        !shredded_.contains(at.value)) {
      TRY(row.metadata, vault_.ReadMetadata(entry, *reader_));
    }
    row.entry = std::move(entry);
    return row;
  }

  void Add(const Row& row) {
    const custody::Entry& entry = row.entry->parsed();
    const std::string number = std::to_string(entry.sequence.value);
    if (row.metadata) {
      if (!case_number_.empty() && row.metadata->case_number != case_number_) return;
      const auto time = TimeOf(*row.metadata);
      if (time)
        Put(tell::Lane::kEvidence, *time, std::string(seal::ToText(row.metadata->kind)),
            number + " " + Printable(row.metadata->name));
    }
    Put(tell::Lane::kCustody, entry.time, std::string(custody::ToText(custody::TypeOf(entry.body))),
        number + " " + tell::Describe(entry));
  }

  void Put(tell::Lane lane, Moment time, const std::string& word, std::string what) {
    timeline_.Add(lane, time, word, std::move(what));
  }

  const VaultReader& vault_;
  const std::string& case_number_;
  const VaultKeys* reader_;
  std::map<std::uint64_t, tlog::Sequence> shredded_;
  tell::Timeline timeline_;
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
  TRY(const tell::Timeline timeline, Gathering(*vault, arguments, reader ? &*reader : nullptr).Run());
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
    Say("the times of evidence and of the case are sealed: a reader's key shows them (-i FILE)");
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
  arguments->reader.AddTo(command);
  command.AddJson(arguments->json);
  command.Footer(
      "Evidence is at the time of its last change, corrected by the source's clock offset, or else of its\n"
      "acquisition. All times are claims: order in the log is the position.\n\nExamples:\n"
      "  exhibit timeline -i reader.txt\n  exhibit timeline -i reader.txt --svg case.svg");
  commands.Run(command, arguments, ShowTimeline);
}

}  // namespace exhibit::cli
