// Goal: a timeline of any length is shown in few rows and in a picture in which each thing has its place. Method:
// small timelines whose rows and pictures are written out here, and a large one that is counted.
#include "vault/tell/timeline.h"

#include "tests/support/check.h"

namespace exhibit::custody {
namespace {

using testing::Unwrap;

Moment At(std::string_view text) { return Unwrap(ParseTime(text)); }

tell::Timeline Breach() {
  tell::Timeline timeline;
  timeline.Add(tell::Lane::kCase, At("2025-02-20"), "date", "discovered");
  timeline.Add(tell::Lane::kEvidence, At("2025-02-18T02:03:04Z"), "log", "1 auth.log");
  timeline.Add(tell::Lane::kEvidence, At("2025-02-18T02:03:59Z"), "log", "2 vpn.log");
  timeline.Add(tell::Lane::kEvidence, At("2025-02-18T17:00:00Z"), "ransom-message", "3 note.txt");
  timeline.Add(tell::Lane::kCustody, At("2025-02-20T10:00:00Z"), "item", "1 taken in");
  timeline.Add(tell::Lane::kCase, At("2025-04-21"), "date", "notice is due");
  return timeline;
}

std::vector<std::string> Lines(const tell::Timeline& timeline, tell::TimelineUnit unit) {
  std::vector<std::string> lines;
  for (const tell::TimelineRow& row : timeline.Rows(unit)) {
    lines.push_back(FormatTime(row.first, unit) + "|" + std::string(ToText(row.lane)) + "|" + row.Text());
  }
  return lines;
}

}  // namespace

TEST_CASE("rows are gathered by the unit, and dates of the case stand alone", "[timeline]") {
  const tell::Timeline timeline = Breach();
  CHECK(Lines(timeline, tell::TimelineUnit::kMinute) ==
        std::vector<std::string>{"2025-02-18 02:03|evidence|1 auth.log; 2 vpn.log",
                                 "2025-02-18 17:00|evidence|3 note.txt", "2025-02-20 00:00|case|discovered",
                                 "2025-02-20 10:00|custody|1 taken in", "2025-04-21 00:00|case|notice is due"});
  CHECK(Lines(timeline, tell::TimelineUnit::kDay) ==
        std::vector<std::string>{"2025-02-18|evidence|1 auth.log; 2 vpn.log; 3 note.txt", "2025-02-20|case|discovered",
                                 "2025-02-20|custody|1 taken in", "2025-04-21|case|notice is due"});
  CHECK(Lines(timeline, tell::TimelineUnit::kYear).size() == 4);
  CHECK(FormatTime(At("2025-02-18T02:03Z"), tell::TimelineUnit::kHour) == "2025-02-18 02:00");
}

TEST_CASE("many things of a unit are counted by their sort", "[timeline]") {
  tell::Timeline timeline;
  for (int i = 0; i < 7; ++i)
    timeline.Add(tell::Lane::kCustody, At("2025-02-20T10:00:00Z"), i < 5 ? "item" : "access", "x");
  const auto rows = timeline.Rows(tell::TimelineUnit::kMinute);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].count == 7);
  CHECK(rows[0].told.size() == tell::TimelineRow::kMostTold);
  CHECK(rows[0].Text() == "2 access, 5 item");
}

TEST_CASE("the unit is the finest with few rows", "[timeline]") {
  tell::Timeline timeline;
  for (std::int64_t i = 0; i < 100'000; ++i) {
    timeline.Add(tell::Lane::kEvidence, {At("2025-01-01").milliseconds + i * 20'000}, "log", "x");  // 23 days and some
  }
  CHECK(timeline.FinestUnit(40) == tell::TimelineUnit::kDay);
  CHECK(timeline.Rows(tell::TimelineUnit::kDay).size() == 24);
  CHECK(timeline.FinestUnit(23) == tell::TimelineUnit::kMonth);
  CHECK(timeline.FinestUnit(600) == tell::TimelineUnit::kHour);
  CHECK(timeline.FinestUnit(0) == tell::TimelineUnit::kYear);
  CHECK(Breach().FinestUnit(40) == tell::TimelineUnit::kMinute);
  std::uint64_t sum = 0;
  for (const std::uint64_t count : timeline.Histogram(tell::Lane::kEvidence, 50)) sum += count;
  CHECK(sum == 100'000);
}

TEST_CASE("a picture for the terminal has a line for each lane", "[timeline]") {
  const std::string picture = tell::DrawTimeline(Breach(), 72);  // one column for a day
  CHECK(picture ==
        "case       ▼                                                           ▼\n"
        "evidence  █\n"
        "custody     █\n"
        "          2025-02-18                                          2025-04-21\n");
  tell::Timeline moment;
  moment.Add(tell::Lane::kCustody, At("2025-02-20T10:00:00Z"), "genesis", "0 made");
  CHECK(tell::DrawTimeline(moment, 10) == "case      \nevidence  \ncustody   █\n          2025-02-20\n");
}

TEST_CASE("a picture as SVG is one file, in which nothing of the evidence is markup", "[timeline]") {
  tell::Timeline timeline = Breach();
  timeline.Add(tell::Lane::kCase, At("2025-02-19"), "event", "</text><script>alert(1)</script>&\"");
  const std::string svg = tell::DrawTimelineSvg(timeline, "Timeline of <x>");
  CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(svg.find("<script") == std::string::npos);
  CHECK(svg.find("&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;") != std::string::npos);
  CHECK(svg.find("<title>Timeline of &lt;x&gt;</title>") != std::string::npos);
  CHECK(svg.find("2025-02-20 00:00  discovered") != std::string::npos);
  CHECK(svg.find("href") == std::string::npos);
}

}  // namespace exhibit::custody
