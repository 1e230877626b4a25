#include "vault/custody/case_facts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/json_fields.h"

namespace exhibit::custody {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::int64_t kMillisecondsOfADay = 24LL * 60 * 60 * 1000;

constexpr std::array<std::pair<CaseDate, std::string_view>, kCaseDates> kDates = {{
    {CaseDate::kOccurred, "occurred"},
    {CaseDate::kDiscovered, "discovered"},
    {CaseDate::kContained, "contained"},
    {CaseDate::kReported, "reported"},
    {CaseDate::kNotified, "notified"},
}};

Result<Moment> ReadTime(const Fields& fields, const char* name) {
  TRY(const std::string text, fields.Text(name));
  auto time = ParseCanonicalTime(text);
  if (!time) return Fail(std::move(time).error().In(Format("\"{}\"", name)));
  return *time;
}

Result<std::vector<CaseEvent>> ReadEvents(const Fields& fields) {
  std::vector<CaseEvent> events;
  if (!fields.Has("events")) return events;
  TRY(const std::vector<Fields> objects, fields.Objects("events"));
  if (objects.size() > kMaxCaseEvents) {
    return Fail(ErrorCode::kInvalid, Format("\"events\": more than {} of them", kMaxCaseEvents));
  }
  for (const Fields& object : objects) {
    TRY(const Moment time, ReadTime(object, "time"));
    TRY(std::string what, object.Line("what", kMaxLineBytes));
    events.push_back({time, std::move(what)});
  }
  return events;
}

Result<std::vector<CaseDate>> ReadForget(const Fields& fields) {
  std::vector<CaseDate> forget;
  if (!fields.Has("forget")) return forget;
  TRY(const std::vector<std::string> words, fields.Texts("forget"));
  for (const std::string& word : words) {
    TRY(const CaseDate date, CaseDateFromText(word));
    if (!forget.empty() && date <= forget.back())
      return Fail(ErrorCode::kInvalid, "\"forget\" is not in order, each once");
    forget.push_back(date);
  }
  return forget;
}

Result<CaseFacts> Read(const Fields& fields) {
  TRY(const std::uint64_t version, fields.Number("v"));
  if (version != kVersion) {
    return Fail(ErrorCode::kUnsupported, Format("version {} is not known", version),
                "a newer version of exhibit may know it");
  }
  CaseFacts facts;
  TRY(facts.case_number, fields.OptionalLine("case", kMaxNameBytes));
  for (const auto& [date, word] : kDates) {
    if (!fields.Has(word.data())) continue;
    TRY(const Moment time, ReadTime(fields, word.data()));
    facts.dates.emplace(date, time);
  }
  if (fields.Has("notice_days")) {
    TRY(const std::uint64_t days, fields.Number("notice_days"));
    if (days == 0 || days > kMaxNoticeDays) {
      return Fail(ErrorCode::kInvalid, Format("\"notice_days\" is not 1 to {}", kMaxNoticeDays));
    }
    facts.notice_days = days;
  }
  TRY(facts.events, ReadEvents(fields));
  TRY(facts.forget, ReadForget(fields));
  return facts;
}

}  // namespace

std::string_view ToText(CaseDate date) {
  for (const auto& [known, word] : kDates) {
    if (known == date) return word;
  }
  InternalError("a date has no word", __FILE__, __LINE__);
}

Result<CaseDate> CaseDateFromText(std::string_view text) {
  for (const auto& [date, word] : kDates) {
    if (word == text) return date;
  }
  return Fail(ErrorCode::kInvalid, Format("\"{}\" is no date of a case", Printable(text.substr(0, 64))),
              "dates are occurred, discovered, contained, reported and notified");
}

void CaseFacts::Supersede(const CaseFacts& later) {
  for (const CaseDate date : later.forget) dates.erase(date);
  for (const auto& [date, time] : later.dates) dates.insert_or_assign(date, time);
  if (later.notice_days) notice_days = later.notice_days;
  events.insert(events.end(), later.events.begin(), later.events.end());
}

std::optional<Moment> CaseFacts::NoticeDue() const {
  const auto discovered = dates.find(CaseDate::kDiscovered);
  if (discovered == dates.end()) return std::nullopt;
  const auto days = static_cast<std::int64_t>(notice_days.value_or(kHipaaNoticeDays));
  return Moment{discovered->second.milliseconds + days * kMillisecondsOfADay};
}

std::string EncodeCaseFacts(const CaseFacts& facts) {
  Json json = {{"v", kVersion}};
  if (facts.case_number) json["case"] = *facts.case_number;
  for (const auto& [date, time] : facts.dates) json[std::string(ToText(date))] = FormatTime(time);
  if (facts.notice_days) json["notice_days"] = *facts.notice_days;
  if (!facts.events.empty()) {
    Json events = Json::List();
    for (const CaseEvent& event : facts.events)
      events.push_back({{"time", FormatTime(event.time)}, {"what", event.what}});
    json["events"] = std::move(events);
  }
  if (!facts.forget.empty()) {
    Json forget = Json::List();
    for (const CaseDate date : facts.forget) forget.push_back(std::string(ToText(date)));
    json["forget"] = std::move(forget);
  }
  return json.Dump() + "\n";
}

Result<CaseFacts> DecodeCaseFacts(std::string_view text) {
  TRY(const Json json, ParseObject(text));
  TRY(CaseFacts facts, Read(Fields(json)));
  if (EncodeCaseFacts(facts) == text) return facts;
  return Fail(ErrorCode::kInvalid,
              "not in the one form that a record of a case may have "
              "(unknown, repeated or reordered fields, or white space)");
}

}  // namespace exhibit::custody
