// A case by two clocks: when its evidence says that things happened, and when custodians say what they did with it.
//
//   case      the breach's own dates (case_facts.h), and when notice is due
//   evidence  items, at the time of their content
//   custody   entries of the log, at the time that they state
//
// All of these are claims: only the numbers of entries prove their order. A timeline of any length is shown in few rows: times are
// gathered by the minute as they come, and shown by the finest unit that needs no more rows than asked for.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/clock.h"

namespace exhibit::tell {

enum class Lane : std::uint8_t { kCase, kEvidence, kCustody };
inline constexpr std::size_t kLanes = 3;
std::string_view ToText(Lane lane);

enum class TimelineUnit : std::uint8_t { kMinute, kHour, kDay, kMonth, kYear };

// What happened in one unit of time in one lane.
struct TimelineRow {
  static constexpr std::size_t kMostTold = 4;
  Moment first;
  Lane lane = Lane::kCase;
  std::uint64_t count = 0;
  std::vector<std::string> told;                 // the first few, in words
  std::map<std::string, std::uint64_t> by_word;  // how many of each sort

  // "taken in: auth.log; exported: …", or, if there are more, "12 item, 3 access".
  std::string Text() const;
};

// A time, cut to `unit`: "2025-02-18 02:03", "2025-02-18", "2025-02".
std::string FormatTime(Moment time, TimelineUnit unit);

class Timeline {
 public:
  // `word` is the sort that it is counted as; `what` describes it in one printable line.
  void Add(Lane lane, Moment time, const std::string& word, std::string what);

  bool empty() const { return rows_.empty(); }
  Moment first() const;
  Moment last() const;

  // By time, and by lane if the times are the same. Each date of the case has a row, whatever the unit.
  std::vector<TimelineRow> Rows(TimelineUnit unit) const;
  // The finest with which there are at most `most` rows, else years.
  TimelineUnit FinestUnit(std::size_t most) const;

  // How many events there are in each of `count` equal parts of the time from the first to the last.
  std::vector<std::uint64_t> Histogram(Lane lane, std::size_t count) const;
  // Which of the parts a time falls into.
  std::size_t PartOf(Moment time, std::size_t count) const;

 private:
  struct Key {
    Moment time;  // of the minute; of a date of the case, its own
    Lane lane = Lane::kCase;
    auto operator<=>(const Key&) const = default;
  };
  std::map<Key, TimelineRow> rows_;
};

// A picture of it for a terminal of `width` columns: a line for each lane, and one with the first and the last day.
std::string DrawTimeline(const Timeline& timeline, std::size_t width);

// The same as one SVG file, which needs nothing else and follows the reader's light or dark scheme.
std::string DrawTimelineSvg(const Timeline& timeline, std::string_view title);

}  // namespace exhibit::tell
