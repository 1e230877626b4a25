#include "vault/tell/timeline.h"

#include <algorithm>
#include <utility>

#include "vault/base/error.h"
#include "vault/base/format.h"

namespace exhibit::tell {
namespace {

constexpr std::int64_t kMinute = 60 * 1000;

// How many characters of the canonical form the unit needs.
std::size_t CharactersOf(TimelineUnit unit) {
  switch (unit) {
    case TimelineUnit::kMinute: return 16;
    case TimelineUnit::kHour: return 13;
    case TimelineUnit::kDay: return 10;
    case TimelineUnit::kMonth: return 7;
    case TimelineUnit::kYear: return 4;
  }
  InternalError("a unit has no length", __FILE__, __LINE__);
}

// The same for all times of one unit.
std::string UnitOf(Moment time, TimelineUnit unit) { return exhibit::FormatTime(time).substr(0, CharactersOf(unit)); }

Moment StartOfMinute(Moment time) {
  const std::int64_t into = ((time.milliseconds % kMinute) + kMinute) % kMinute;
  return {time.milliseconds - into};
}

void AddTo(TimelineRow& row, const TimelineRow& more) {
  row.count += more.count;
  for (const std::string& what : more.told) {
    if (row.told.size() < TimelineRow::kMostTold) row.told.push_back(what);
  }
  for (const auto& [word, count] : more.by_word) row.by_word[word] += count;
}

}  // namespace

std::string_view ToText(Lane lane) {
  switch (lane) {
    case Lane::kCase: return "case";
    case Lane::kEvidence: return "evidence";
    case Lane::kCustody: return "custody";
  }
  InternalError("a lane has no word", __FILE__, __LINE__);
}

std::string FormatTime(Moment time, TimelineUnit unit) {
  std::string text = UnitOf(time, unit);
  if (unit == TimelineUnit::kHour) text += ":00";
  if (const std::size_t t = text.find('T'); t != std::string::npos) text[t] = ' ';
  return text;
}

std::string TimelineRow::Text() const {
  std::string text;
  if (count == told.size()) {
    for (const std::string& what : told) text += (text.empty() ? "" : "; ") + what;
    return text;
  }
  for (const auto& [word, number] : by_word) text += (text.empty() ? "" : ", ") + Format("{} {}", number, word);
  return text;
}

void Timeline::Add(Lane lane, Moment time, const std::string& word, std::string what) {
  const Moment at = lane == Lane::kCase ? time : StartOfMinute(time);
  TimelineRow& row = rows_[{at, lane}];
  row.first = at;
  row.lane = lane;
  ++row.count;
  ++row.by_word[word];
  if (row.told.size() < TimelineRow::kMostTold) row.told.push_back(std::move(what));
}

Moment Timeline::first() const {
  EXHIBIT_ASSERT(!rows_.empty());
  return rows_.begin()->first.time;
}

Moment Timeline::last() const {
  EXHIBIT_ASSERT(!rows_.empty());
  return rows_.rbegin()->first.time;
}

std::vector<TimelineRow> Timeline::Rows(TimelineUnit unit) const {
  std::vector<TimelineRow> rows;
  std::array<std::pair<std::string, std::size_t>, kLanes> open;  // by lane: the unit it is in, and the row of it
  for (const auto& [key, row] : rows_) {
    if (key.lane == Lane::kCase) {
      rows.push_back(row);
      continue;
    }
    auto& [unit_text, place] = open[static_cast<std::size_t>(key.lane)];
    std::string text = UnitOf(key.time, unit);
    if (text == unit_text) {
      AddTo(rows[place], row);
      continue;
    }
    unit_text = std::move(text);
    place = rows.size();
    rows.push_back(row);
  }
  return rows;
}

TimelineUnit Timeline::FinestUnit(std::size_t most) const {
  for (const TimelineUnit unit :
       {TimelineUnit::kMinute, TimelineUnit::kHour, TimelineUnit::kDay, TimelineUnit::kMonth}) {
    std::array<std::string, kLanes> last;
    std::size_t rows = 0;
    for (const auto& [key, row] : rows_) {
      std::string text = UnitOf(key.time, key.lane == Lane::kCase ? TimelineUnit::kMinute : unit);
      std::string& before = last[static_cast<std::size_t>(key.lane)];
      if (text != before || key.lane == Lane::kCase) ++rows;
      before = std::move(text);
      if (rows > most) break;
    }
    if (rows <= most) return unit;
  }
  return TimelineUnit::kYear;
}

std::size_t Timeline::PartOf(Moment time, std::size_t count) const {
  const std::int64_t span = last().milliseconds - first().milliseconds;
  if (span == 0) return 0;
  const double part = static_cast<double>(time.milliseconds - first().milliseconds) / static_cast<double>(span);
  const auto at = static_cast<std::size_t>(std::max(0.0, part) * static_cast<double>(count));
  return std::min(at, count - 1);
}

std::vector<std::uint64_t> Timeline::Histogram(Lane lane, std::size_t count) const {
  std::vector<std::uint64_t> parts(count, 0);
  for (const auto& [key, row] : rows_) {
    if (key.lane == lane) parts[PartOf(key.time, count)] += row.count;
  }
  return parts;
}

}  // namespace exhibit::tell
