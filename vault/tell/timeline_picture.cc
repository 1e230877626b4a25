// The pictures of a timeline (timeline.h).
#include <algorithm>
#include <array>
#include <cmath>

#include "vault/base/format.h"
#include "vault/base/markup.h"
#include "vault/base/text.h"
#include "vault/tell/timeline.h"

namespace exhibit::tell {
namespace {

constexpr std::array<Lane, 2> kCounted = {Lane::kEvidence, Lane::kCustody};

// From little to much; a square root, so that one event is visible beside a thousand.
double Share(std::uint64_t count, std::uint64_t most) {
  return std::sqrt(static_cast<double>(count) / static_cast<double>(most));
}

std::string Padded(std::string_view text, std::size_t width) {
  std::string padded(text);
  padded.resize(std::max(width, padded.size()), ' ');
  return padded;
}

std::string Day(Moment time) { return FormatTime(time, TimelineUnit::kDay); }

}  // namespace

std::string DrawTimeline(const Timeline& timeline, std::size_t width) {
  constexpr std::size_t kLabel = 10;
  constexpr std::array<std::string_view, 8> kBars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const std::size_t parts = std::clamp<std::size_t>(width, 40, 160) - kLabel;
  std::string picture;
  const auto draw = [&](Lane lane, const auto& mark) {
    picture += Padded(ToText(lane), kLabel);
    const std::vector<std::uint64_t> counts = timeline.Histogram(lane, parts);
    const std::uint64_t most = *std::ranges::max_element(counts);
    std::size_t end = parts;
    while (end > 0 && counts[end - 1] == 0) --end;
    for (std::size_t i = 0; i < end; ++i) picture += counts[i] == 0 ? std::string_view(" ") : mark(counts[i], most);
    picture += "\n";
  };
  draw(Lane::kCase, [](std::uint64_t, std::uint64_t) { return std::string_view("▼"); });
  for (const Lane lane : kCounted) {
    draw(lane, [&](std::uint64_t count, std::uint64_t most) {
      return kBars[std::min(kBars.size() - 1, static_cast<std::size_t>(Share(count, most) * 7.999))];
    });
  }
  const std::string first = Day(timeline.first());
  const std::string last = Day(timeline.last());
  picture += std::string(kLabel, ' ') + first;
  if (first != last) picture += std::string(parts - first.size() - last.size(), ' ') + last;
  return picture + "\n";
}

std::string DrawTimelineSvg(const Timeline& timeline, std::string_view title) {
  constexpr std::size_t kParts = 160;
  constexpr std::size_t kLeft = 90;
  constexpr std::size_t kStep = 5;  // between two parts
  constexpr std::size_t kRight = kLeft + kParts * kStep;
  constexpr std::size_t kBar = 60;  // the tallest
  constexpr std::size_t kTextLine = 16;
  std::vector<TimelineRow> dates = timeline.Rows(TimelineUnit::kMinute);
  std::erase_if(dates, [](const TimelineRow& row) { return row.lane != Lane::kCase; });
  // A line of text for each date, so that none covers another.
  const std::size_t lanes_top = 40 + kTextLine * dates.size();
  const std::size_t height = lanes_top + kCounted.size() * (kBar + 25) + 30;
  std::string svg = Format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" font-family=\"sans-serif\" "
      "font-size=\"12\">\n"
      "<title>{}</title>\n",
      kRight + 100, height, EscapedForMarkup(title));
  svg +=
      "<style>text{fill:#222}.date{stroke:#b3261e}.evidence{fill:#1f5fa8}.custody{fill:#2e7d4f}.axis{stroke:#888}"
      "rect.page{fill:#fff}@media(prefers-color-scheme:dark){text{fill:#ddd}rect.page{fill:#1b1b1b}"
      ".date{stroke:#f2b8b5}.evidence{fill:#8ab8ee}.custody{fill:#8fd0a8}}</style>\n"
      "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n";
  svg += Format("<text x=\"10\" y=\"20\" font-weight=\"bold\">{}</text>\n", EscapedForMarkup(title));
  const std::size_t bottom = height - 30;
  for (std::size_t i = 0; i < dates.size(); ++i) {
    const std::size_t x = kLeft + timeline.PartOf(dates[i].first, kParts) * kStep;
    const std::size_t y = 40 + kTextLine * (i + 1);
    // Beside the line, on the side where there is room.
    const bool to_the_left = x > (kLeft + kRight) / 2;
    svg += Format("<path class=\"date\" d=\"M{} {}V{}\"/><text x=\"{}\" y=\"{}\"{}>{}</text>\n", x, y - 10, bottom,
                  to_the_left ? x - 4 : x + 4, y, to_the_left ? " text-anchor=\"end\"" : "",
                  EscapedForMarkup(FormatTime(dates[i].first, TimelineUnit::kMinute) + "  " + dates[i].Text()));
  }
  for (std::size_t lane = 0; lane < kCounted.size(); ++lane) {
    const std::string word(ToText(kCounted[lane]));
    const std::size_t base = lanes_top + (lane + 1) * (kBar + 25);
    svg += Format("<text x=\"10\" y=\"{}\">{}</text><path class=\"axis\" d=\"M{} {}H{}\"/>\n", base, word, kLeft, base,
                  kRight);
    const std::vector<std::uint64_t> counts = timeline.Histogram(kCounted[lane], kParts);
    const std::uint64_t most = *std::ranges::max_element(counts);
    for (std::size_t part = 0; part < kParts; ++part) {
      if (counts[part] == 0) continue;
      const auto tall =
          std::max<std::size_t>(3, static_cast<std::size_t>(Share(counts[part], most) * static_cast<double>(kBar)));
      svg += Format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}</title></rect>\n", word,
                    kLeft + part * kStep, base - tall, kStep - 1, tall, counts[part]);
    }
  }
  svg += Format(
      "<text x=\"{}\" y=\"{}\">{}</text><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n"
      "</svg>\n",
      kLeft, height - 10, Day(timeline.first()), kRight, height - 10, Day(timeline.last()));
  return svg;
}

}  // namespace exhibit::tell
