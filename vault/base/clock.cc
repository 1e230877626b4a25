#include "vault/base/clock.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <optional>

#include "vault/base/format.h"
#include "vault/base/machine.h"
#include "vault/base/text.h"

namespace exhibit {
namespace {

constexpr std::int64_t kMillisecondsADay = 86'400'000;

// Reads the parts of a date and time from left to right.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}

  std::optional<int> Digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool Accept(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // A fraction of one to nine digits, in milliseconds, the rest cut off.
  std::optional<int> Fraction() {
    int milliseconds = 0;
    int digits = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      if (digits < 3) milliseconds = milliseconds * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
      if (++digits > 9) return std::nullopt;
    }
    for (int i = digits; i < 3; ++i) milliseconds *= 10;
    return digits == 0 ? std::nullopt : std::optional(milliseconds);
  }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<std::int64_t> ReadDate(TimeReader& reader) {
  const auto year = reader.Digits(4);
  if (!year || !reader.Accept('-')) return std::nullopt;
  const auto month = reader.Digits(2);
  if (!month || !reader.Accept('-')) return std::nullopt;
  const auto day = reader.Digits(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::int64_t{std::chrono::sys_days(date).time_since_epoch().count()} * kMillisecondsADay;
}

std::optional<std::int64_t> ReadTimeOfDay(TimeReader& reader) {
  const auto hour = reader.Digits(2);
  if (!hour || *hour > 23 || !reader.Accept(':')) return std::nullopt;
  const auto minute = reader.Digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  int second = 0;
  int millisecond = 0;
  if (reader.Accept(':')) {
    const auto seconds = reader.Digits(2);
    if (!seconds || *seconds > 59) return std::nullopt;
    second = *seconds;
    if (reader.Accept('.')) {
      const auto fraction = reader.Fraction();
      if (!fraction) return std::nullopt;
      millisecond = *fraction;
    }
  }
  return ((std::int64_t{*hour} * 60 + *minute) * 60 + second) * 1000 + millisecond;
}

// "Z", "+hh:mm" or "-hh:mm", in milliseconds east of UTC.
std::optional<std::int64_t> ReadOffset(TimeReader& reader) {
  if (reader.Accept('Z') || reader.Accept('z')) return 0;
  const bool west = reader.Accept('-');
  if (!west && !reader.Accept('+')) return std::nullopt;
  const auto hours = reader.Digits(2);
  if (!hours || *hours > 23 || !reader.Accept(':')) return std::nullopt;
  const auto minutes = reader.Digits(2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const std::int64_t offset = (std::int64_t{*hours} * 60 + *minutes) * 60'000;
  return west ? -offset : offset;
}

std::optional<Moment> ReadTime(std::string_view text) {
  TimeReader reader(text);
  const auto date = ReadDate(reader);
  if (!date) return std::nullopt;
  if (reader.done()) return Moment{*date};
  if (!reader.Accept('T') && !reader.Accept('t') && !reader.Accept(' ')) return std::nullopt;
  const auto time_of_day = ReadTimeOfDay(reader);
  if (!time_of_day) return std::nullopt;
  const auto offset = ReadOffset(reader);
  if (!offset || !reader.done()) return std::nullopt;
  return Moment{*date + *time_of_day - *offset};
}

}  // namespace

Moment Now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

std::string FormatTime(Moment time) {
  constexpr std::int64_t kYear0 = -62'167'219'200'000;
  constexpr std::int64_t kYear9999End = 253'402'300'799'999;
  const std::int64_t ms = std::clamp(time.milliseconds, kYear0, kYear9999End);
  const std::chrono::sys_time<std::chrono::milliseconds> point{std::chrono::milliseconds(ms)};
  const auto day = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(point - day);
  std::string text = "0000-00-00T00:00:00.000Z";
  // A record has many times, each of which is formatted again when it is read.
  const auto put = [&text](std::size_t end, std::int64_t number) {
    for (; number > 0; number /= 10) text[--end] = static_cast<char>('0' + number % 10);
  };
  put(4, static_cast<int>(date.year()));
  put(7, static_cast<unsigned>(date.month()));
  put(10, static_cast<unsigned>(date.day()));
  put(13, clock.hours().count());
  put(16, clock.minutes().count());
  put(19, clock.seconds().count());
  put(23, clock.subseconds().count());
  return text;
}

Result<Moment> ParseCanonicalTime(std::string_view text) {
  const auto time = ReadTime(text);
  if (!time || FormatTime(*time) != text) {
    return Fail(ErrorCode::kInvalid, "time is not of the form 2026-11-24T00:44:12.123Z");
  }
  return *time;
}

namespace {

// "on this machine it is 2026-03-01 09:00-05:00; ", where the machine's zone is known.
std::string OnThisMachine(Moment local_time, const std::string& shown) {
  // The offset at the instant that has this time in UTC is the one of the local time, or an hour off on the day of a change.
  const auto offset = ZoneAt(static_cast<std::time_t>(local_time.milliseconds / 1000));
  if (!offset) return {};
  const long minutes = (*offset < 0 ? -*offset : *offset) / 60;
  return Format("on this machine it is {}{}{:02}:{:02}; ", shown, *offset < 0 ? '-' : '+', minutes / 60 % 24,
                minutes % 60);
}

}  // namespace

Result<Moment> ParseTime(std::string_view text) {
  const auto time = ReadTime(text);
  if (const auto without_zone = time ? std::nullopt : ReadTime(std::string(text) + "Z")) {
    const std::string shown = Printable(text);
    return Fail(ErrorCode::kInvalid, "\"" + shown + "\" names no zone",
                Format("{}in UTC it is {}Z", OnThisMachine(*without_zone, shown), shown));
  }
  if (!time) {
    return Fail(ErrorCode::kInvalid, Format("\"{}\" is not a date or time", Printable(text.substr(0, 64))),
                "write it as 2026-11-24 or 2026-11-24T09:30:00+01:00");
  }
  return *time;
}

Moment AddYears(Moment time, int years) {
  using std::chrono::days;
  using std::chrono::milliseconds;
  const milliseconds since_epoch(time.milliseconds);
  const auto day = std::chrono::floor<days>(since_epoch);
  std::chrono::year_month_day date{std::chrono::sys_days(day)};
  date += std::chrono::years(years);
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  const auto moved = std::chrono::sys_days(date).time_since_epoch() + (since_epoch - day);
  return Moment{std::chrono::duration_cast<milliseconds>(moved).count()};
}

}  // namespace exhibit
