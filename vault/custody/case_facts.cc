#include "vault/custody/case_facts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/entry_time.h"

namespace exhibit::custody {
namespace {

constexpr std::int64_t kMillisecondsOfADay = 24LL * 60 * 60 * 1000;

constexpr std::array<std::pair<CaseDate, std::string_view>, kCaseDates> kDates = {{
    {CaseDate::kOccurred, "occurred"},
    {CaseDate::kDiscovered, "discovered"},
    {CaseDate::kContained, "contained"},
    {CaseDate::kReported, "reported"},
    {CaseDate::kNotified, "notified"},
}};

std::optional<Moment> TimeIn(const FieldValue* value) {
  if (value == nullptr || value->Text() == nullptr) return std::nullopt;
  const auto time = ParseEntryTime(*value->Text());
  return time ? std::optional(MomentOf(*time)) : std::nullopt;
}

FieldValue TimeValue(Moment time) { return {FormatEntryTime(EntryTimeOf(time))}; }

std::vector<CaseEvent> EventsIn(const FieldValue* value) {
  std::vector<CaseEvent> events;
  if (value == nullptr || value->AsArray() == nullptr) return events;
  for (const FieldValue& one : *value->AsArray()) {
    const auto time = TimeIn(one.Find("time"));
    const FieldValue* const what = one.Find("what");
    if (time && what != nullptr && what->Text() != nullptr) events.push_back({*time, *what->Text()});
  }
  return events;
}

std::vector<CaseDate> ForgottenIn(const FieldValue* value) {
  std::vector<CaseDate> forget;
  if (value == nullptr || value->AsArray() == nullptr) return forget;
  for (const FieldValue& one : *value->AsArray()) {
    if (one.Text() == nullptr) continue;
    if (const auto date = CaseDateFromText(*one.Text())) forget.push_back(*date);
  }
  return forget;
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
  return Fail(ErrorCode::kInvalid, "\"" + Printable(text.substr(0, 64)) + "\" is no date of a case",
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

Result<std::vector<FieldList::Item>> FieldsOf(const CaseFacts& facts) {
  if (facts.notice_days && (*facts.notice_days == 0 || *facts.notice_days > kMaxNoticeDays)) {
    return Fail(ErrorCode::kInvalid, Format("days of notice are 1 to {}", kMaxNoticeDays));
  }
  if (facts.events.size() > kMaxCaseEvents) {
    return Fail(ErrorCode::kInvalid, Format("more than {} events in one record", kMaxCaseEvents),
                "say the others in a second record");
  }
  std::vector<FieldList::Item> fields;
  if (facts.case_number) fields.emplace_back("case", FieldValue(*facts.case_number));
  for (const auto& [date, time] : facts.dates) fields.emplace_back(std::string(ToText(date)), TimeValue(time));
  if (facts.notice_days)
    fields.emplace_back("notice-days", FieldValue::Number(static_cast<std::int64_t>(*facts.notice_days)));
  if (!facts.events.empty()) {
    FieldValue::Array events;
    for (const CaseEvent& event : facts.events) {
      events.push_back(FieldValue::Object{{"time", TimeValue(event.time)}, {"what", FieldValue(event.what)}});
    }
    fields.emplace_back("events", FieldValue(std::move(events)));
  }
  if (!facts.forget.empty()) {
    FieldValue::Array forget;
    for (const CaseDate date : facts.forget) forget.emplace_back(ToText(date));
    fields.emplace_back("forget", FieldValue(std::move(forget)));
  }
  return fields;
}

CaseFacts CaseFactsIn(const FieldList& fields) {
  CaseFacts facts;
  const FieldValue* const name = fields.Find("case");
  if (name != nullptr && name->Text() != nullptr) facts.case_number = *name->Text();
  for (const auto& [date, word] : kDates) {
    if (const auto time = TimeIn(fields.Find(word))) facts.dates.emplace(date, *time);
  }
  const FieldValue* const days = fields.Find("notice-days");
  if (days != nullptr && days->Number() != nullptr && *days->Number() > 0)
    facts.notice_days = static_cast<std::uint64_t>(*days->Number());
  facts.events = EventsIn(fields.Find("events"));
  facts.forget = ForgottenIn(fields.Find("forget"));
  return facts;
}

}  // namespace exhibit::custody
