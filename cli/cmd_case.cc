// exhibit case: the dates of a case, as they are known now, and its key.
#include <array>
#include <map>
#include <memory>
#include <set>

#include "cli/act.h"
#include "cli/case_dates.h"
#include "cli/case_key.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/json_fields.h"

namespace exhibit::cli {
namespace {

using custody::CaseDate;
using custody::CaseFacts;

constexpr std::array<std::pair<CaseDate, const char*>, custody::kCaseDates> kDateOptions = {{
    {CaseDate::kOccurred, "when the breach began"},
    {CaseDate::kDiscovered, "when it was discovered: from then on the days to the notice count"},
    {CaseDate::kContained, "when the intruder was shut out"},
    {CaseDate::kReported, "when it was reported to authorities"},
    {CaseDate::kNotified, "when the people concerned were told"},
}};

struct SetArguments {
  std::string case_number;
  std::map<CaseDate, std::string> dates;
  std::uint64_t notice_days = 0;
  std::vector<std::string> events;
  std::vector<std::string> forget;
  SignerOptions signer;
};

struct ShowArguments {
  ReaderOptions reader;
  bool json = false;
};

// "2025-02-19T03:00Z first ransom message".
Result<custody::CaseEvent> ParseEvent(const std::string& text) {
  const std::size_t space = text.find(' ');
  if (space == std::string::npos || space + 1 == text.size()) {
    return Fail(ErrorCode::kInvalid, Format("--event \"{}\" is not a time and what happened", Printable(text)),
                "such as --event \"2025-02-19T03:00Z first ransom message\"");
  }
  auto time = ParseTime(std::string_view(text).substr(0, space));
  if (!time) return Fail(std::move(time).error().In("--event"));
  return custody::CaseEvent{*time, text.substr(space + 1)};
}

Result<CaseFacts> RecordOf(const SetArguments& arguments) {
  CaseFacts facts;
  if (!arguments.case_number.empty()) facts.case_number = arguments.case_number;
  for (const auto& [date, text] : arguments.dates) {
    if (text.empty()) continue;
    auto time = ParseTime(text);
    if (!time) return Fail(std::move(time).error().In("--" + std::string(custody::ToText(date))));
    facts.dates.emplace(date, *time);
  }
  if (arguments.notice_days != 0) facts.notice_days = arguments.notice_days;
  for (const std::string& event : arguments.events) {
    TRY(custody::CaseEvent parsed, ParseEvent(event));
    facts.events.push_back(std::move(parsed));
  }
  std::set<CaseDate> forget;  // in their order
  for (const std::string& word : arguments.forget) {
    TRY(const CaseDate date, custody::CaseDateFromText(word));
    forget.insert(date);
  }
  facts.forget.assign(forget.begin(), forget.end());
  if (facts == CaseFacts{facts.case_number}) {
    return Fail(ErrorCode::kInvalid, "nothing to record", "name a date, such as --discovered 2025-02-20");
  }
  if (facts.case_number) TRY_VOID(custody::CheckLine("case", *facts.case_number, custody::kMaxNameBytes));
  for (const custody::CaseEvent& event : facts.events)
    TRY_VOID(custody::CheckLine("event", event.what, custody::kMaxLineBytes));
  return facts;
}

Result<ExitCode> SetCase(const SetArguments& arguments, const Globals& globals) {
  TRY(const CaseFacts facts, RecordOf(arguments));
  TRY(store::Fields fields, custody::FieldsOf(facts));
  store::Appender::Act act{custody::CaseRecord{}, std::move(fields)};
  if (facts.case_number) act.cases.push_back(*facts.case_number);
  return CommitAct(globals, arguments.signer, std::move(act), "dates of the case recorded");
}

Json JsonOf(const CaseFacts& facts) {
  Json json = Json::Object();
  if (facts.case_number) json["case"] = *facts.case_number;
  for (const auto& [date, time] : facts.dates) json[std::string(custody::ToText(date))] = FormatTime(time);
  if (const auto due = facts.NoticeDue()) {
    json["notice_days"] = facts.notice_days.value_or(custody::kHipaaNoticeDays);
    json["notice_due"] = FormatTime(*due);
  }
  if (!facts.events.empty()) {
    Json events = Json::List();
    for (const custody::CaseEvent& event : facts.events)
      events.push_back({{"time", FormatTime(event.time)}, {"what", event.what}});
    json["events"] = std::move(events);
  }
  return json;
}

void AddRows(const CaseFacts& facts, Table& table) {
  const std::string of = Printable(facts.case_number.value_or("-"));
  for (const auto& [date, time] : facts.dates) table.AddRow({of, FormatTime(time), std::string(custody::ToText(date))});
  if (const auto due = facts.NoticeDue()) {
    const std::uint64_t days = facts.notice_days.value_or(custody::kHipaaNoticeDays);
    table.AddRow({of, FormatTime(*due), Format("notice is due, {} days after the discovery", days)});
  }
  for (const custody::CaseEvent& event : facts.events)
    table.AddRow({of, FormatTime(event.time), Printable(event.what)});
}

Result<ExitCode> ShowCase(const ShowArguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  TRY(const auto reader, FindVaultKeys(globals, arguments.reader, Ask::kIfNeeded));
  EXHIBIT_ASSERT(reader);
  TRY(const auto cases, ReadCases(*vault, state, reader));
  if (arguments.json) {
    Json list = Json::List();
    for (const auto& [number, facts] : cases) list.push_back(JsonOf(facts));
    PrintJson(list);
    return ExitCode::kOk;
  }
  Table table({Align::kLeft, Align::kLeft, Align::kLeft});
  for (const auto& [number, facts] : cases) AddRows(facts, table);
  Print(table.TakeText());
  if (cases.empty() && !globals.quiet) Say("no dates are recorded yet: `exhibit case set --discovered 2025-02-20`");
  return ExitCode::kOk;
}

}  // namespace

void RegisterCase(Commands commands) {
  const Command command =
      commands.program.AddCommand("case", "record when what happened in the case, show it, and hand out its key");
  command.NeedsCommand();

  auto setting = std::make_shared<SetArguments>();
  const Command set = command.AddCommand("set", "record dates; what is given supersedes what was recorded before");
  set.AddOption("--case", setting->case_number, "the case's number, where the vault holds more than one");
  for (const auto& [date, meaning] : kDateOptions) {
    set.AddOption("--" + std::string(custody::ToText(date)), setting->dates[date], meaning).TypeName("TIME");
  }
  set.AddOption("--notice-days", setting->notice_days,
                "notice is due so many days after the discovery (default: 60, HIPAA's)")
      .TypeName("DAYS")
      .Between(1, custody::kMaxNoticeDays);
  set.AddOption("--event", setting->events, "a time and what happened then, in words; repeat for several")
      .TypeName("TEXT");
  set.AddOption("--forget", setting->forget, "a date that no longer holds: discovered, ...; repeat for several")
      .TypeName("DATE");
  setting->signer.AddTo(set);
  set.Footer(
      "Records are sealed, and nothing is overwritten: the log keeps each of them.\n\nExamples:\n"
      "  exhibit case set --occurred 2025-02-18T02:03Z --discovered 2025-02-20\n"
      "  exhibit case set --event \"2025-02-19T03:00Z first ransom message\" --notice-days 30");
  commands.Run(set, setting, SetCase);

  auto showing = std::make_shared<ShowArguments>();
  const Command show = command.AddCommand("show", "show what is recorded, and when notice is due");
  showing->reader.AddTo(show);
  show.AddJson(showing->json);
  show.Footer("Example:\n  exhibit case show -i reader.txt");
  commands.Run(show, showing, ShowCase);

  AddCaseKeyCommand(command, commands);
}

}  // namespace exhibit::cli
