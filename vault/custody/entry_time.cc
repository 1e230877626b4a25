#include "vault/custody/entry_time.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace exhibit::custody {
namespace {

constexpr std::int64_t kLast = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";

bool HasShape(std::string_view text) {
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool fits = kShape[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == kShape[i];
    if (!fits) return false;
  }
  return true;
}

int DigitsAt(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) value = value * 10 + (text[i] - '0');
  return value;
}

}  // namespace

std::string FormatEntryTime(EntryTime time) {
  const std::chrono::sys_seconds point{std::chrono::seconds(std::clamp<std::int64_t>(time.seconds, 0, kLast))};
  const auto day = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(point - day);
  std::array<char, 40> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return buffer.data();
}

Result<EntryTime> ParseEntryTime(std::string_view text) {
  const Failure refused =
      Fail(ErrorCode::kInvalid, "is no time of the form 2026-11-28T23:00:00Z, in the years 1970 to 9999");
  if (!HasShape(text)) return refused;
  const std::chrono::year_month_day date{std::chrono::year(DigitsAt(text, 0, 4)),
                                         std::chrono::month(static_cast<unsigned>(DigitsAt(text, 5, 2))),
                                         std::chrono::day(static_cast<unsigned>(DigitsAt(text, 8, 2)))};
  const int hour = DigitsAt(text, 11, 2);
  const int minute = DigitsAt(text, 14, 2);
  const int second = DigitsAt(text, 17, 2);
  if (!date.ok() || static_cast<int>(date.year()) < 1970 || hour > 23 || minute > 59 || second > 59) return refused;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return EntryTime{((days * 24 + hour) * 60 + minute) * 60 + second};
}

EntryTime EntryTimeOf(Moment moment) {
  const std::int64_t seconds = moment.milliseconds < 0 ? 0 : moment.milliseconds / 1000;
  return {std::min(seconds, kLast)};
}

}  // namespace exhibit::custody
