#include "vault/tell/timesketch.h"

#include <array>
#include <string_view>
#include <utility>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/item_facts.h"
#include "vault/tell/story.h"

namespace exhibit::tell {
namespace {

// "2026-11-25T19:12:46.135412+00:00", and microseconds since 1970, which Timesketch sorts by.
void SetTime(Json& event, custody::FileTime time) {
  std::string text = custody::FormatFileTime(time);
  text.replace(text.find('.') + 7, std::string::npos, "+00:00");
  event["datetime"] = text;
  event["timestamp"] = time.seconds * 1'000'000 + static_cast<std::int64_t>(time.nanoseconds / 1000);
}

custody::FileTime FileTimeOf(Moment moment) {
  const std::int64_t second = 1000;
  std::int64_t seconds = moment.milliseconds / second;
  std::int64_t rest = moment.milliseconds % second;
  if (rest < 0) {
    rest += second;
    --seconds;
  }
  return {seconds, static_cast<std::uint32_t>(rest * 1'000'000)};
}

custody::FileTime Corrected(custody::FileTime time, std::int64_t offset_ms) {
  if (offset_ms == 0) return time;
  constexpr std::int64_t kSecond = 1'000'000'000;
  std::int64_t nanoseconds = static_cast<std::int64_t>(time.nanoseconds) + offset_ms % 1000 * 1'000'000;
  std::int64_t seconds = time.seconds + offset_ms / 1000;
  if (nanoseconds < 0) {
    nanoseconds += kSecond;
    --seconds;
  }
  return {seconds + nanoseconds / kSecond, static_cast<std::uint32_t>(nanoseconds % kSecond)};
}

Json EventOf(const std::string& message, std::string_view description, custody::FileTime time) {
  Json event = {{"message", message}, {"timestamp_desc", std::string(description)}};
  SetTime(event, time);
  return event;
}

// What Timesketch can search an event of an item by.
void Describe(Json& event, tlog::Sequence entry, const custody::ItemFacts& facts) {
  event["data_type"] = "exhibit:item";
  event["entry"] = entry.value;
  if (facts.source) event["source_host"] = Printable(*facts.source);
  if (facts.path) event["path"] = Printable(*facts.path);
  if (facts.name) event["filename"] = Printable(*facts.name);
  if (facts.kind) event["kind"] = std::string(custody::ToText(*facts.kind));
  if (facts.size) event["file_size"] = *facts.size;
  if (facts.sha256) event["sha256_hash"] = ToHex(facts.sha256->view());
  if (facts.acquired.offset_ms) event["clock_offset_ms"] = *facts.acquired.offset_ms;
  if (!facts.cases.empty()) event["case"] = facts.cases;
  if (!facts.tags.empty()) event["tag"] = facts.tags;
}

std::vector<Json> EventsOfItem(tlog::Sequence entry, const custody::ItemFacts& facts) {
  const std::string message = Format("{} {}", entry, Printable(facts.path ? *facts.path : facts.name.value_or("")));
  const std::int64_t offset = facts.acquired.offset_ms.value_or(0);
  const std::array<std::pair<const std::optional<custody::FileTime>*, std::string_view>, 4> times = {
      {{&facts.times.modified, "Content Modification Time"},
       {&facts.times.changed, "Metadata Modification Time"},
       {&facts.times.accessed, "Last Access Time"},
       {&facts.times.born, "Creation Time"}}};
  std::vector<Json> events;
  for (const auto& [time, description] : times) {
    if (*time) events.push_back(EventOf(message, description, Corrected(**time, offset)));
  }
  if (facts.acquired.at) events.push_back(EventOf(message, "Acquisition Time", FileTimeOf(*facts.acquired.at)));
  for (Json& event : events) Describe(event, entry, facts);
  return events;
}

}  // namespace

std::vector<Json> TimesketchEvents(const custody::SignedEntry& entry, const custody::FieldList* fields,
                                   const People& people) {
  const custody::Entry& parsed = entry.parsed();
  std::vector<Json> events;
  if (fields != nullptr && std::holds_alternative<custody::Item>(parsed.body))
    events = EventsOfItem(parsed.sequence, custody::ItemFactsIn(*fields));
  Json act = EventOf(Format("{} {}", parsed.sequence, Describe(parsed, fields, &people)), "Custody Entry Time",
                     FileTimeOf(custody::MomentOf(parsed.time)));
  act["data_type"] = "exhibit:custody";
  act["entry"] = parsed.sequence.value;
  act["act"] = WordOf(parsed, fields);
  act["actor"] = people.Shown(parsed.actor);
  events.push_back(std::move(act));
  return events;
}

std::vector<Json> TimesketchEvents(const std::string& case_number, const custody::CaseFacts& facts) {
  std::vector<Json> events;
  for (const auto& [date, time] : facts.dates)
    events.push_back(EventOf(std::string(custody::ToText(date)), "Case Date", FileTimeOf(time)));
  for (const custody::CaseEvent& one : facts.events)
    events.push_back(EventOf(Printable(one.what), "Case Event", FileTimeOf(one.time)));
  for (Json& event : events) {
    event["data_type"] = "exhibit:case";
    if (!case_number.empty()) event["case"] = Json::List({case_number});
  }
  return events;
}

}  // namespace exhibit::tell
