// Goal: a time is written in one way and read only in that way; what people type is read generously
// but never wrongly. Method: known instants, round trips over ten thousand years, and bad dates.
#include "vault/base/clock.h"

#include <stdlib.h>
#include <time.h>

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit {
namespace {

using testing::Unwrap;

constexpr std::int64_t kYear0 = -62'167'219'200'000;
constexpr std::int64_t kYear9999End = 253'402'300'799'999;

TEST_CASE("known instants are written and read", "[base]") {
  struct Row {
    std::int64_t milliseconds;
    std::string_view text;
  };
  for (const Row& row :
       {Row{0, "1970-01-01T00:00:00.000Z"}, Row{-1, "1969-12-31T23:59:59.999Z"},
        Row{951'782'400'000, "2000-02-29T00:00:00.000Z"}, Row{1'000'000'000'123, "2001-09-09T01:46:40.123Z"},
        Row{4'107'542'399'999, "2100-02-28T23:59:59.999Z"}, Row{kYear0, "0000-01-01T00:00:00.000Z"},
        Row{kYear9999End, "9999-12-31T23:59:59.999Z"}}) {
    CAPTURE(row.text);
    CHECK(FormatTime({row.milliseconds}) == row.text);
    CHECK(Unwrap(ParseCanonicalTime(row.text)).milliseconds == row.milliseconds);
    CHECK(Unwrap(ParseTime(row.text)).milliseconds == row.milliseconds);
  }
}

TEST_CASE("times round trip through ten thousand years", "[base]") {
  constexpr std::int64_t kStride = 98'765'432'101;  // about three years
  for (std::int64_t time = kYear0; time <= kYear9999End; time += kStride) {
    const std::string text = FormatTime({time});
    CAPTURE(text);
    REQUIRE(Unwrap(ParseCanonicalTime(text)).milliseconds == time);
  }
}

TEST_CASE("a time that RFC 3339 cannot write is written as the nearest that it can", "[base]") {
  CHECK(FormatTime({INT64_MAX}) == "9999-12-31T23:59:59.999Z");
  CHECK(FormatTime({INT64_MIN}) == "0000-01-01T00:00:00.000Z");
}

TEST_CASE("records accept one spelling of a time only", "[base]") {
  for (const std::string_view text :
       {"", "2026-11-24", "2026-11-24T00:44:12Z", "2026-11-24T00:44:12.12Z", "2026-11-24T00:44:12.1234Z",
        "2026-11-24T00:44:12.123", "2026-11-24T00:44:12.123z", "2026-11-24t00:44:12.123Z", "2026-11-24 00:44:12.123Z",
        "2026-11-24T00:44:12.123+00:00", "2026-11-24T01:44:12.123+01:00", "2026-11-24T00:44:12.123Z ",
        " 2026-11-24T00:44:12.123Z", "2026-11-24T00:44:60.000Z", "2026-11-24T24:00:00.000Z",
        "02026-11-24T00:44:12.123Z"}) {
    CAPTURE(text);
    CHECK_FAILS(ParseCanonicalTime(text), ErrorCode::kInvalid, "not of the form 2026-11-24T00:44:12.123Z");
  }
}

TEST_CASE("a person may leave out the time or the seconds, and give an offset", "[base]") {
  struct Row {
    std::string_view typed, means;
  };
  for (const Row& row :
       {Row{"2026-11-24", "2026-11-24T00:00:00.000Z"}, Row{"2026-11-24T09:30Z", "2026-11-24T09:30:00.000Z"},
        Row{"2026-11-24 09:30:15Z", "2026-11-24T09:30:15.000Z"},
        Row{"2026-11-24t09:30:15z", "2026-11-24T09:30:15.000Z"},
        Row{"2026-11-24T09:30:15.5Z", "2026-11-24T09:30:15.500Z"},
        Row{"2026-11-24T09:30:15.123456789Z", "2026-11-24T09:30:15.123Z"},
        Row{"2026-11-24T00:30:00+01:00", "2026-11-23T23:30:00.000Z"},
        Row{"2026-12-31T23:30:00-05:45", "2027-01-01T05:15:00.000Z"}, Row{"2024-02-29", "2024-02-29T00:00:00.000Z"}}) {
    CAPTURE(row.typed);
    CHECK(FormatTime(Unwrap(ParseTime(row.typed))) == row.means);
  }
}

TEST_CASE("a time of day without a zone is refused, and said in the zone of this machine", "[base]") {
  for (const std::string_view text : {"2026-11-24T09:30", "2026-11-24 09:30:15", "2026-11-24T09:30:15.5"}) {
    CAPTURE(text);
    CHECK_FAILS(ParseTime(text), ErrorCode::kInvalid, "names no zone");
  }
  ::setenv("TZ", "EST5EDT", 1);
  ::tzset();
  CHECK(ParseTime("2026-03-01 09:00").error().hint ==
        "on this machine it is 2026-03-01 09:00-05:00; in UTC it is 2026-03-01 09:00Z");
  CHECK(ParseTime("2026-07-01T09:00").error().hint.find("09:00-04:00;") != std::string::npos);
  ::unsetenv("TZ");
  ::tzset();
}

TEST_CASE("dates and times that do not exist are refused", "[base]") {
  for (const std::string_view text : {"",
                                      "yesterday",
                                      "2026",
                                      "2026-11",
                                      "2026-13-01",
                                      "2026-00-10",
                                      "2026-11-31",
                                      "2026-11-00",
                                      "2025-02-29",
                                      "2100-02-29",
                                      "26-11-24",
                                      "2026-1-2",
                                      "2026/11/24",
                                      "2026-11-24T",
                                      "2026-11-24T24:00",
                                      "2026-11-24T09:60",
                                      "2026-11-24T09:30:60",
                                      "2026-11-24T9:30",
                                      "2026-11-24T09",
                                      "2026-11-24T09:30:",
                                      "2026-11-24T09:30:15.",
                                      "2026-11-24T09:30:15.1234567890",
                                      "2026-11-24T09:30+1:00",
                                      "2026-11-24T09:30+0100",
                                      "2026-11-24T09:30+24:00",
                                      "2026-11-24T09:30+01:60",
                                      "2026-11-24T09:30+",
                                      "2026-11-24T09:30Zulu",
                                      "-2026-11-24",
                                      "2026-11-24Z",
                                      "+026-11-24"}) {
    CAPTURE(text);
    CHECK_FAILS(ParseTime(text), ErrorCode::kInvalid, "is not a date or time");
  }
}

TEST_CASE("a bad time is named, with the form that is wanted, and at a bounded length", "[base]") {
  const auto result = ParseTime("24.11.2026");
  REQUIRE_FALSE(result);
  CHECK(result.error().message == "\"24.11.2026\" is not a date or time");
  CHECK(result.error().hint.find("2026-11-24") != std::string::npos);
  CHECK(ParseTime(std::string(10'000, '9')).error().message.size() < 200);
}

// A person's input may come out of a script: what it holds must not reach the terminal as it is.
TEST_CASE("a bad time is named in printable characters", "[base]") {
  CHECK_FAILS(ParseTime("\x1b[2J"), ErrorCode::kInvalid, "\"\\x1b[2J\" is not a date");
}

TEST_CASE("now is between the day this was written and the end of what can be written", "[base]") {
  CHECK(Now() > Unwrap(ParseTime("2025-01-01")));
  CHECK(Now().milliseconds < kYear9999End);
}

}  // namespace
}  // namespace exhibit
